//! `unpinned-image`: an image that may be another one tomorrow.

use crate::kube::{self, Body};
use crate::language::value::{ImageReference, Scalar};
use crate::report::{Code, Diagnostic};
use crate::source::Span;

use super::Fleet;
use super::finding::Findings;

/// Finds images without a version.
pub fn check(fleet: &Fleet, findings: &mut Findings) {
    for pod in &fleet.pods {
        for container in kube::pod::containers(&pod.spec) {
            let Some(image) = container.image.as_deref().filter(|image| !is_pinned(image)) else { continue };
            let written = pod.written(container).filter(|written| written.image.value.as_str() == image);
            let span = written.map_or(pod.span, |written| written.image.span);
            findings.add(pod.placed, unpinned(image, span));
        }
    }
    for placed in &fleet.objects.placed {
        if let Body::PostgresCluster(cluster) = &placed.object.body
            && let Some(image) = cluster.spec.image_name.as_deref().filter(|image| !is_pinned(image))
        {
            findings.add(placed, unpinned(image, placed.span(fleet.plan)));
        }
    }
}

/// What is no image reference at all is no matter of this rule.
fn is_pinned(image: &str) -> bool {
    ImageReference::parse(image).map_or(true, |image| image.is_pinned())
}

fn unpinned(image: &str, span: Span) -> Diagnostic {
    let latest = ImageReference::parse(image).is_ok_and(|image| image.tag().is_some());
    let label = if latest { "`latest` is another image every time" } else { "no tag means `latest`" };
    Diagnostic::new(Code::UnpinnedImage, span, format!("the image `{image}` has no fixed version"))
        .label(label)
        .help("name a version as its tag, or a digest: `image:1.4.2`, `image@sha256:…`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_other_than_latest_or_a_digest_pins_an_image() {
        let digest = format!("example.org/a@sha256:{}", "0".repeat(64));
        for pinned in ["nginx:1.27", "localhost:5000/a:2", &digest] {
            assert!(is_pinned(pinned), "{pinned}");
        }
        for unpinned in ["nginx", "nginx:latest", "localhost:5000/a"] {
            assert!(!is_pinned(unpinned), "{unpinned}");
        }
    }
}
