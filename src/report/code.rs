//! The table of problem codes. A new code is one line here and one page in `report/pages/`.

use std::fmt;

/// Whether a problem stops the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is written while one of these stands.
    Error,
    /// Shown, but the build goes on.
    Warning,
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident;)*) => {
        /// The stable name of a sort of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(
                #[doc = concat!("`", $name, "`: see its page.")]
                $variant,
            )*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The name users see and write.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name),* }
            }

            /// What the code is unless a policy says otherwise.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity),* }
            }

            /// The Markdown page that `kiln explain` prints.
            pub fn page(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("pages/", $name, ".md"))),* }
            }
        }
    };
}

codes! {
    // Reading
    InvalidToml "invalid-toml" Error;
    NotUtf8 "not-utf8" Error;
    UnsupportedVersion "unsupported-version" Error;
    NoWorkspace "no-workspace" Error;
    UnknownField "unknown-field" Error;
    MissingField "missing-field" Error;
    WrongType "wrong-type" Error;
    InvalidValue "invalid-value" Error;
    ConflictingFields "conflicting-fields" Error;
    DefinedTwice "defined-twice" Error;
    UnknownKind "unknown-kind" Error;
    // Names
    UnknownTeam "unknown-team" Error;
    UnknownCluster "unknown-cluster" Error;
    UnknownChart "unknown-chart" Error;
    UnknownShared "unknown-shared" Error;
    UnknownFile "unknown-file" Error;
    UnknownRule "unknown-rule" Error;
    NameTooLong "name-too-long" Error;
    NameTaken "name-taken" Error;
    // Parameters and expressions
    UnknownParam "unknown-param" Error;
    MissingParam "missing-param" Error;
    ParamOutOfRange "param-out-of-range" Error;
    InvalidExpression "invalid-expression" Error;
    UndefinedVariable "undefined-variable" Error;
    InvalidTemplate "invalid-template" Error;
    // Layers
    OverlayConflict "overlay-conflict" Error;
    UnsetNothing "unset-nothing" Error;
    SelectsNothing "selects-nothing" Warning;
    NotPlaced "not-placed" Warning;
    PatchMatchesNothing "patch-matches-nothing" Error;
    PatchFails "patch-fails" Error;
    // References
    UnknownComponent "unknown-component" Error;
    UnknownInstance "unknown-instance" Error;
    UnknownOutput "unknown-output" Error;
    UnknownSecret "unknown-secret" Error;
    UnknownVolume "unknown-volume" Error;
    UnknownPort "unknown-port" Error;
    AmbiguousReference "ambiguous-reference" Error;
    SecretInPlain "secret-in-plain" Error;
    SecretElsewhere "secret-elsewhere" Error;
    DependencyCycle "dependency-cycle" Error;
    // Cluster facts
    MissingFact "missing-fact" Error;
    MissingCapability "missing-capability" Error;
    // Raw manifests
    InvalidYaml "invalid-yaml" Error;
    InvalidManifest "invalid-manifest" Error;
    // The fleet
    TwoOwners "two-owners" Error;
    RouteConflict "route-conflict" Error;
    ObjectTooLarge "object-too-large" Error;
    // Policy
    UnpinnedImage "unpinned-image" Error;
    PlaintextSecret "plaintext-secret" Error;
    MissingRequests "missing-requests" Warning;
    MissingProbe "missing-probe" Warning;
    Privileged "privileged" Warning;
    UnusedWaiver "unused-waiver" Error;
}

impl Code {
    /// The first sentence of its page.
    pub fn title(self) -> &'static str {
        self.page().lines().skip(1).find(|line| !line.trim().is_empty()).unwrap_or_default()
    }

    /// The code with this name.
    pub fn find(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
