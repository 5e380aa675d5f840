//! References as plain values: for Helm values and templates, which others can read.

use serde_json::{Map, Value};

use crate::language::component::output::{Offer, OfferValue};
use crate::language::component::values::{Content, Values};
use crate::language::reference::Reference;
use crate::plan::{Endpoint, Output, OutputValue, Outputs, Place, Site};
use crate::report::{Code, Diagnostic, Report};

/// What a reference stands for, when that is no secret; `None` when it was reported.
pub fn referred(reference: &Reference, site: &Site, report: &mut Report) -> Option<Value> {
    let link = site.link(&reference.target)?;
    match &link.output.as_ref()?.value {
        OutputValue::Plain(value) => Some(value.clone()),
        OutputValue::Claim(name) => Some(Value::String(name.clone())),
        OutputValue::Secret { name, key } => {
            report.add(secret_in_plain(reference).help(format!(
                "it is the key `{key}` of the Secret `{name}`: name these two where a Secret is asked for"
            )));
            None
        }
        OutputValue::Composed { .. } => {
            report.add(secret_in_plain(reference).help("it can only become an environment variable"));
            None
        }
    }
}

fn secret_in_plain(reference: &Reference) -> Diagnostic {
    let message = format!("`{}` is secret and would be readable here", reference.target);
    Diagnostic::new(Code::SecretInPlain, reference.span, message).label("a secret output")
}

/// Free-form values with every reference in them resolved. What was reported is left out.
pub fn values(values: &Values, site: &Site, report: &mut Report) -> Map<String, Value> {
    table(&values.entries, site, report)
}

fn table(entries: &[(String, Content)], site: &Site, report: &mut Report) -> Map<String, Value> {
    entries.iter().filter_map(|(key, content)| Some((key.clone(), value(content, site, report)?))).collect()
}

fn value(content: &Content, site: &Site, report: &mut Report) -> Option<Value> {
    match content {
        Content::Literal(value) => Some(value.clone()),
        Content::From(reference) => referred(reference, site, report),
        Content::List(items) => {
            Some(Value::Array(items.iter().filter_map(|item| value(item, site, report)).collect()))
        }
        Content::Table(entries) => Some(Value::Object(table(entries, site, report))),
    }
}

/// The outputs of a component that kiln does not look into.
pub fn offered<'a>(offers: impl IntoIterator<Item = (String, &'a Offer)>, place: &Place) -> Outputs {
    offers.into_iter().map(|(name, offer)| (name, output(offer, place))).collect()
}

fn output(offer: &Offer, place: &Place) -> Output {
    let value = match &offer.value {
        OfferValue::Plain(node) => OutputValue::Plain(node.to_json()),
        OfferValue::Secret { name, key } => OutputValue::Secret { name: name.clone(), key: key.clone() },
        OfferValue::Claim(name) => OutputValue::Claim(name.clone()),
    };
    let endpoint = (!offer.ports.is_empty()).then(|| Endpoint::Pods {
        namespace: place.namespace.to_owned(),
        labels: offer.pods.clone(),
        ports: offer.ports.clone(),
    });
    Output { value, endpoint }
}
