//! `object-too-large`: annotations beyond what the API server takes.

use crate::report::{Code, Diagnostic};

use super::Fleet;
use super::finding::Findings;

/// The most bytes that all annotations of an object may have, keys and values together
/// (`TotalAnnotationSizeLimitB` in `k8s.io/apimachinery/pkg/api/validation/objectmeta.go`).
const LARGEST: usize = 256 * 1024;

/// Finds objects with larger annotations.
pub fn check(fleet: &Fleet, findings: &mut Findings) {
    for placed in &fleet.objects.placed {
        let annotations = placed.object.metadata().annotations.iter().flatten();
        let size: usize = annotations.map(|(key, value)| key.len() + value.len()).sum();
        if size > LARGEST {
            let what = placed.object.key();
            findings.add(
                placed,
                Diagnostic::new(
                    Code::ObjectTooLarge,
                    placed.span(fleet.plan),
                    format!(
                        "the annotations of {what} have {size} bytes; the API server takes {LARGEST} at most"
                    ),
                )
                .help("move large data to a ConfigMap, an image or a volume"),
            );
        }
    }
}
