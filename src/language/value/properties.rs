//! The laws every scalar keeps, tried on any text.

use proptest::prelude::*;

use super::*;

/// Texts near `example`: with something cut out, put in or repeated.
fn near(examples: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(String::new()),
        "[-+*/.,:;@=!()<>%#?~^ \\t\\\\0-9a-zA-Zµéß\u{1F600}]{0,3}",
        "[0-9]{1,20}",
        any::<char>().prop_map(String::from),
    ];
    (proptest::sample::select(examples), any::<proptest::sample::Index>(), 0_usize..4, piece).prop_map(
        |(example, index, cut, piece)| {
            let chars: Vec<char> = example.chars().collect();
            let at = index.index(chars.len() + 1);
            let after = (at + cut).min(chars.len());
            let head: String = chars[..at].iter().collect();
            let tail: String = chars[after..].iter().collect();
            format!("{head}{piece}{tail}")
        },
    )
}

fn pattern<T: Scalar>() -> Option<jsonschema::Validator> {
    T::PATTERN.map(|pattern| jsonschema::validator_for(&serde_json::json!({ "pattern": pattern })).unwrap())
}

fn keeps_the_laws<T>(text: &str, pattern: Option<&jsonschema::Validator>) -> Result<(), TestCaseError>
where
    T: Scalar + std::fmt::Display + std::fmt::Debug + Ord,
{
    match T::parse(text) {
        Ok(value) => {
            let canonical = value.to_string();
            let again = T::parse(&canonical);
            prop_assert_eq!(again.as_ref().ok(), Some(&value), "{} -> {}", text, canonical);
            prop_assert_eq!(again.map(|again| again.to_string()).ok(), Some(canonical.clone()));
            for accepted in [text, &canonical] {
                let accepts = pattern.is_none_or(|pattern| pattern.is_valid(&serde_json::json!(accepted)));
                prop_assert!(accepts, "the pattern refuses {:?}", accepted);
            }
        }
        Err(invalid) => {
            prop_assert!(!invalid.message.is_empty() && !invalid.message.ends_with('.'));
            prop_assert!(!invalid.message.contains(char::is_control), "{:?}", invalid.message);
            prop_assert!(
                invalid.help.is_none_or(|help| !help.ends_with('.') && !help.contains(char::is_control))
            );
            prop_assert!(
                invalid.at.clone().is_none_or(|at| text.get(at).is_some()),
                "{:?} {:?}",
                text,
                invalid.at
            );
        }
    }
    Ok(())
}

macro_rules! laws {
    ($($name:ident: $type:ty,)*) => {
        $(
            #[test]
            fn $name() {
                let pattern = pattern::<$type>();
                for example in <$type>::EXAMPLES {
                    assert!(<$type>::parse(example).is_ok(), "{example}");
                    keeps_the_laws::<$type>(example, pattern.as_ref()).unwrap();
                }
                let texts = prop_oneof![1 => ".*", 3 => near(<$type>::EXAMPLES)];
                proptest!(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() }, |(text in texts)| {
                    keeps_the_laws::<$type>(&text, pattern.as_ref())?;
                });
            }
        )*
    };
}

laws! {
    access_mode_keeps_the_laws: AccessMode,
    chart_version_keeps_the_laws: ChartVersion,
    cron_schedule_keeps_the_laws: CronSchedule,
    digest_keeps_the_laws: Digest,
    dns_label_keeps_the_laws: DnsLabel,
    dns_subdomain_keeps_the_laws: DnsSubdomain,
    duration_keeps_the_laws: Duration,
    env_name_keeps_the_laws: EnvName,
    file_mode_keeps_the_laws: FileMode,
    git_url_keeps_the_laws: GitUrl,
    group_keeps_the_laws: Group,
    http_path_keeps_the_laws: HttpPath,
    image_reference_keeps_the_laws: ImageReference,
    int_or_percent_keeps_the_laws: IntOrPercent,
    kubernetes_version_keeps_the_laws: KubernetesVersion,
    free_label_key_keeps_the_laws: FreeLabelKey,
    label_key_keeps_the_laws: LabelKey,
    label_value_keeps_the_laws: LabelValue,
    name_keeps_the_laws: Name,
    path_keeps_the_laws: Path,
    percent_keeps_the_laws: Percent,
    port_keeps_the_laws: Port,
    port_name_keeps_the_laws: PortName,
    protocol_keeps_the_laws: Protocol,
    relative_path_keeps_the_laws: RelativePath,
    storage_class_keeps_the_laws: StorageClass,
    time_zone_keeps_the_laws: TimeZone,
    url_keeps_the_laws: Url,
    capability_keeps_the_laws: Capability,
    git_revision_keeps_the_laws: GitRevision,
    host_pattern_keeps_the_laws: HostPattern,
    hostname_keeps_the_laws: Hostname,
    quantity_keeps_the_laws: Quantity,
    selector_keeps_the_laws: Selector,
    version_keeps_the_laws: Version,
    version_requirement_keeps_the_laws: VersionRequirement,
    cidr_keeps_the_laws: Cidr,
    config_key_keeps_the_laws: ConfigKey,
}
