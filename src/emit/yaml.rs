//! Writes YAML straight from `Serialize`: one document, block style, two spaces, no `---`.
//!
//! The same object gives the same bytes whatever order its keys come in, and every string reads back as itself under
//! YAML 1.1 (kubectl, Argo CD, PyYAML) and YAML 1.2. Builds no tree in between.

mod error;
mod key;
mod layout;
mod number;
mod order;
mod scalar;
mod serializer;

use serde::Serialize;

pub use error::Error;

/// Collections may be nested this deep; a deeper value is an error rather than a stack overflow.
pub const DEPTH_LIMIT: usize = 128;

/// Appends `value` to `out` as one YAML document that ends with a newline.
///
/// `None` and unit inside a mapping drop their entry, because an API server treats a null differently in create and in
/// server-side apply. On an error `out` is as it was.
///
/// # Errors
///
/// Null as an item or as the whole document, a float that is not finite, an integer beyond 64 bits, bytes, a mapping key
/// that is no string, number or boolean, two equal keys in one mapping, and nesting beyond [`DEPTH_LIMIT`].
pub fn write<T: Serialize + ?Sized>(value: &T, out: &mut String) -> Result<(), Error> {
    let start = out.len();
    let mut page = layout::Page::new(out);
    let written = value.serialize(serializer::Node::root(&mut page));
    match written {
        Ok(layout::Written::Text) => Ok(()),
        Ok(layout::Written::Nothing) => Err(Error::NullDocument),
        Err(error) => Err(error),
    }
    .inspect_err(|_| out.truncate(start))
}

#[cfg(test)]
mod tests;
