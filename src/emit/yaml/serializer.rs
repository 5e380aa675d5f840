//! The serde side of the writer: what each kind of value becomes on the page.

use std::cmp::Ordering;
use std::fmt::{Display, Write};
use std::ops::Range;

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::error::Error;
use super::key::Key;
use super::layout::{After, Page, Written};
use super::number;
use super::order::{self, Order};

/// The place of one value.
pub struct Node<'p, 'o> {
    page: &'p mut Page<'o>,
    after: After,
    order: Order,
    /// How many collections stand around it.
    depth: usize,
}

impl<'p, 'o> Node<'p, 'o> {
    /// The place of the whole document.
    pub fn root(page: &'p mut Page<'o>) -> Self {
        Node { page, after: After::Start, order: Order::Ranked, depth: 0 }
    }

    fn deeper(&self) -> Result<usize, Error> {
        if self.depth < super::DEPTH_LIMIT { Ok(self.depth + 1) } else { Err(Error::TooDeep) }
    }

    fn absent(self) -> Result<Written, Error> {
        match self.after {
            After::Dash(_) => Err(Error::NullItem),
            After::Start | After::Key(_) => Ok(Written::Nothing),
        }
    }

    fn integer(self, value: impl Display) -> Result<Written, Error> {
        self.page.lead(self.after);
        number::integer(value, self.page.out)?;
        self.page.out.push('\n');
        Ok(Written::Text)
    }

    fn mapping(self) -> Result<Mapping<'p, 'o>, Error> {
        let depth = self.deeper()?;
        let (first, keys) = (self.page.entries(), self.page.keys.len());
        Ok(Mapping {
            column: self.after.mapping(),
            after: self.after,
            order: self.order,
            depth,
            first,
            keys,
            key: keys..keys,
            arrangement: Arrangement::Final,
            page: self.page,
        })
    }

    fn sequence(self) -> Result<Sequence<'p, 'o>, Error> {
        let depth = self.deeper()?;
        let column = self.after.sequence();
        Ok(Sequence { page: self.page, after: self.after, column, depth, items: 0 })
    }

    /// A mapping whose only key is the variant; gives the place of its value.
    fn variant(self, variant: &str) -> Result<Self, Error> {
        let depth = self.deeper()?;
        let column = self.after.mapping();
        self.page.open(self.after, column);
        let start = self.page.keys.len();
        self.page.keys.push_str(variant);
        self.page.key(start..start + variant.len(), column);
        self.page.keys.truncate(start);
        Ok(Node { page: self.page, after: After::Key(column), order: order::of(variant).inside, depth })
    }
}

macro_rules! integers {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<Written, Error> {
            self.integer(value)
        })*
    };
}

impl<'p, 'o> Serializer for Node<'p, 'o> {
    type Ok = Written;
    type Error = Error;
    type SerializeSeq = Sequence<'p, 'o>;
    type SerializeTuple = Sequence<'p, 'o>;
    type SerializeTupleStruct = Sequence<'p, 'o>;
    type SerializeTupleVariant = Sequence<'p, 'o>;
    type SerializeMap = Mapping<'p, 'o>;
    type SerializeStruct = Mapping<'p, 'o>;
    type SerializeStructVariant = Mapping<'p, 'o>;

    // 128-bit integers keep serde's default, which refuses them: no reader of manifests has them.
    integers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);

    fn serialize_bool(self, value: bool) -> Result<Written, Error> {
        Ok(self.page.token(self.after, if value { "true" } else { "false" }))
    }

    fn serialize_f32(self, value: f32) -> Result<Written, Error> {
        self.page.lead(self.after);
        number::float(value, self.page.out)?;
        self.page.out.push('\n');
        Ok(Written::Text)
    }

    fn serialize_f64(self, value: f64) -> Result<Written, Error> {
        self.page.lead(self.after);
        number::float(value, self.page.out)?;
        self.page.out.push('\n');
        Ok(Written::Text)
    }

    fn serialize_char(self, value: char) -> Result<Written, Error> {
        Ok(self.page.string(self.after, value.encode_utf8(&mut [0; 4])))
    }

    fn serialize_str(self, value: &str) -> Result<Written, Error> {
        Ok(self.page.string(self.after, value))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<Written, Error> {
        let mut text = std::mem::take(&mut self.page.display);
        text.clear();
        write!(text, "{value}").map_err(|error| Error::Custom(error.to_string()))?;
        let written = self.page.string(self.after, &text);
        self.page.display = text;
        Ok(written)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Written, Error> {
        Err(Error::Bytes)
    }

    fn serialize_none(self) -> Result<Written, Error> {
        self.absent()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Written, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Written, Error> {
        self.absent()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Written, Error> {
        self.absent()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Written, Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Written, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Written, Error> {
        let mut mapping = self.mapping()?;
        mapping.page.keys.push_str(variant);
        mapping.entry(value)?;
        mapping.finish()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Error> {
        self.sequence()
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        self.sequence()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        self.sequence()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        self.variant(variant)?.sequence()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        self.mapping()
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeStruct, Error> {
        // toml dates and serde_json's arbitrary numbers travel in structs with such names.
        if name.starts_with('$') {
            return Err(Error::Private(name));
        }
        self.mapping()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        self.variant(variant)?.mapping()
    }
}

/// A sequence that is being written.
pub struct Sequence<'p, 'o> {
    page: &'p mut Page<'o>,
    after: After,
    column: usize,
    depth: usize,
    items: usize,
}

impl Sequence<'_, '_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        if self.items == 0 {
            self.page.open(self.after, self.column);
        } else {
            self.page.next(self.column);
        }
        self.items += 1;
        self.page.out.push('-');
        let after = After::Dash(self.column);
        value.serialize(Node { page: self.page, after, order: Order::Ranked, depth: self.depth }).map(|_| ())
    }

    fn finish(self) -> Written {
        if self.items == 0 { self.page.token(self.after, "[]") } else { Written::Text }
    }
}

/// Whether a mapping's entries so far stand in their final order.
#[derive(PartialEq, Eq)]
enum Arrangement {
    Final,
    Mixed,
}

/// A mapping that is being written.
pub struct Mapping<'p, 'o> {
    page: &'p mut Page<'o>,
    after: After,
    column: usize,
    order: Order,
    depth: usize,
    /// Its first entry among the page's entries.
    first: usize,
    /// Where its keys begin among the page's keys.
    keys: usize,
    /// The key whose value comes next.
    key: Range<usize>,
    arrangement: Arrangement,
}

impl Mapping<'_, '_> {
    /// Writes the entry whose key was just appended to the page's keys.
    fn entry<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = self.key.start..self.page.keys.len();
        self.key = key.end..key.end;
        let back = self.page.out.len();
        if self.page.entries() == self.first {
            self.page.open(self.after, self.column);
        } else {
            self.page.next(self.column);
        }
        let start = self.page.out.len();
        self.page.key(key.clone(), self.column);
        let word = order::of(self.page.keys.get(key.clone()).unwrap_or_default());
        let after = After::Key(self.column);
        let written =
            value.serialize(Node { page: self.page, after, order: word.inside, depth: self.depth })?;
        if written == Written::Nothing {
            self.page.out.truncate(back);
            self.page.keys.truncate(key.start);
            self.key = key.start..key.start;
            return Ok(());
        }
        let rank = match self.order {
            Order::Ranked => word.rank,
            Order::Bytes => order::LAST,
        };
        let end = self.page.out.len();
        if self.page.entered(self.first, rank, key, start..end) != Ordering::Less {
            self.arrangement = Arrangement::Mixed;
        }
        Ok(())
    }

    fn finish(self) -> Result<Written, Error> {
        if self.page.entries() == self.first {
            return Ok(self.page.token(self.after, "{}"));
        }
        if self.arrangement == Arrangement::Mixed {
            self.page.arrange(self.first, self.column)?;
        }
        self.page.close(self.first, self.keys);
        Ok(Written::Text)
    }
}

impl SerializeMap for Mapping<'_, '_> {
    type Ok = Written;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        key.serialize(Key(&mut self.page.keys))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.entry(value)
    }

    fn end(self) -> Result<Written, Error> {
        self.finish()
    }
}

macro_rules! fields {
    ($($trait:ident),*) => {
        $(impl $trait for Mapping<'_, '_> {
            type Ok = Written;
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
                self.page.keys.push_str(key);
                self.entry(value)
            }

            fn end(self) -> Result<Written, Error> {
                self.finish()
            }
        })*
    };
}

fields!(SerializeStruct, SerializeStructVariant);

macro_rules! items {
    ($($trait:ident $method:ident),*) => {
        $(impl $trait for Sequence<'_, '_> {
            type Ok = Written;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.item(value)
            }

            fn end(self) -> Result<Written, Error> {
                Ok(self.finish())
            }
        })*
    };
}

items!(SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field);
