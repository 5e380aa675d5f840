//! Receivers of alerts.

use super::secret::SecretSource;
use crate::language::value::{Duration, Selector};
use crate::source::Spanned;
use crate::table;

table! {
    /// Who is told of the stack's alerts; becomes an AlertmanagerConfig in the instance's namespace.
    pub struct Receiver {
        /// A Discord channel, by the secret that holds its webhook URL.
        discord: SecretSource,
        /// Which alerts it is told of, by their labels. Default: all of the instance.
        r#match: Option<Spanned<Selector>>,
        /// The labels that alerts are grouped by.
        group_by: Vec<String> = vec!["alertname".to_owned()],
        /// How long to wait for more alerts of a new group.
        group_wait: Duration = Duration::from_seconds(30),
        /// How long to wait before a changed group is sent again.
        group_interval: Duration = Duration::from_seconds(300),
        /// How long to wait before an unchanged group is sent again.
        repeat_interval: Duration = Duration::from_seconds(14400),
        /// Whether the end of an alert is sent, too.
        send_resolved: bool = true,
        /// The title of a message, an Alertmanager template such as `{{ .CommonLabels.alertname }}`.
        title: Option<String>,
        /// The text of a message.
        message: Option<String>,
    }
}
