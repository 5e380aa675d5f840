//! The two macros that declare the language: a struct for a table, an enum for a word. From one declaration come the
//! reading, the JSON Schema and the reference page.

/// Declares a table of the language: a struct whose doc comments are its reference page.
///
/// A field is required unless its type says otherwise (`Option`, `Vec`, `BTreeMap`) or a default
/// follows. `..name: Type` flattens another group into the table. Every struct also gets `span`,
/// the place of the table.
#[macro_export]
macro_rules! table {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $(
                $(#[doc = $field_doc:literal])*
                $field:ident : $type:ty $(= $default:expr)? ,
            )*
            $( .. $group:ident : $group_type:ty , )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $( $(#[doc = $field_doc])* pub $field: $type, )*
            $(
                #[doc = concat!("The fields of [`", stringify!($group_type), "`].")]
                pub $group: $group_type,
            )*
            /// Where the table stands.
            pub span: $crate::source::Span,
        }

        impl $crate::language::read::Fields for $name {
            fn fields() -> Vec<$crate::language::shape::Field> {
                #[allow(unused_mut)]
                let mut fields = vec![
                    $( $crate::language::shape::Field {
                        key: $crate::language::read::key_of(stringify!($field)),
                        doc: concat!($($field_doc, "\n"),*),
                        shape: <$type as $crate::language::read::Read>::shape(),
                        required: $crate::table!(@required $type $(, $default)?),
                        default: $crate::table!(@default $type $(, $default)?),
                    }, )*
                ];
                $( fields.extend(<$group_type as $crate::language::read::Fields>::fields()); )*
                fields
            }

            #[allow(unused_variables)]
            fn read_fields(
                table: &mut $crate::language::read::TableReader,
                reader: &mut $crate::language::read::Reader,
            ) -> Option<Self> {
                let span = table.span;
                $( let $field = $crate::table!(@read table, reader, $field, $type $(, $default)?); )*
                $( let $group = <$group_type as $crate::language::read::Fields>::read_fields(table, reader); )*
                Some(Self { $( $field: $field?, )* $( $group: $group?, )* span })
            }
        }

        impl $crate::language::read::Read for $name {
            fn read(
                node: &$crate::source::Node,
                reader: &mut $crate::language::read::Reader,
            ) -> Option<Self> {
                let mut table = $crate::language::read::TableReader::open(node, reader, "a table")?;
                let value = <Self as $crate::language::read::Fields>::read_fields(&mut table, reader);
                table.close(<Self as $crate::language::read::Fields>::fields, reader);
                value
            }

            fn shape() -> $crate::language::shape::Shape {
                $crate::language::shape::Shape::Table($crate::language::shape::TableShape {
                    name: stringify!($name),
                    doc: concat!($($doc, "\n"),*),
                    fields: <$name as $crate::language::read::Fields>::fields,
                })
            }
        }
    };
    (@required $type:ty, $default:expr) => { false };
    (@required $type:ty) => { <$type as $crate::language::read::Read>::absent().is_none() };
    (@default $type:ty, $default:expr) => {
        $crate::language::shape::default_text(
            stringify!($default),
            &<$type as $crate::language::read::Read>::shape(),
        )
    };
    (@default $type:ty) => { None };
    (@read $table:ident, $reader:ident, $field:ident, $type:ty, $default:expr) => {
        $table.field_or::<$type>(stringify!($field), || $default, $reader)
    };
    (@read $table:ident, $reader:ident, $field:ident, $type:ty) => {
        $table.field::<$type>(stringify!($field), $reader)
    };
}

/// Declares a word that has a few values.
#[macro_export]
macro_rules! choice {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident {
            $( $(#[doc = $value_doc:literal])* $variant:ident = $word:literal , )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[doc = $value_doc])* $variant, )* }

        impl $name {
            /// The word as written.
            pub fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }
        }

        impl $crate::language::read::Read for $name {
            fn read(
                node: &$crate::source::Node,
                reader: &mut $crate::language::read::Reader,
            ) -> Option<Self> {
                let words = [$($word),*];
                match node.as_str() {
                    $( Some($word) => Some(Self::$variant), )*
                    Some(_) if reader.defers(node) => None,
                    Some(other) => {
                        let help = $crate::report::nearest::advice(other, words);
                        reader.invalid(node.span, format!("`{other}` is not one of `{}`", words.join("`, `")), help)
                    }
                    None => reader.expected(node, concat!("one of ", stringify!($($word),*))),
                }
            }

            fn shape() -> $crate::language::shape::Shape {
                $crate::language::shape::Shape::Choice(vec![
                    $( ($word, concat!($($value_doc, "\n"),*)) ),*
                ])
            }
        }
    };
}
