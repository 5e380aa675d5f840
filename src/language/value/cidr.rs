//! A range of addresses.

use std::net::IpAddr;

use super::{Invalid, Scalar, quoted};

text! {
    /// A network in CIDR notation: an IPv4 or IPv6 address and the length of its prefix, `10.0.0.0/8`. The canonical
    /// form is the one Kubernetes asks for: no bits set behind the prefix, IPv6 in lower case and shortened.
    Cidr
}

impl Scalar for Cidr {
    const NAME: &'static str = "a network in CIDR notation";
    const PATTERN: Option<&'static str> = Some("^[0-9A-Fa-f.:]+/[0-9]{1,3}$");
    const EXAMPLES: &'static [&'static str] = &["10.0.0.0/8", "fd00::/8"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        let Some((address, length)) = text.split_once('/') else {
            return Err(match text.parse::<IpAddr>() {
                Ok(address) => Invalid::new(format!("{shown} is an address without the length of a prefix"))
                    .help(format!("write `{address}/{}`", width(address))),
                Err(_) => Invalid::new(format!("{shown} is not a network in CIDR notation"))
                    .help("write an address and the length of its prefix, such as `10.0.0.0/8`"),
            });
        };
        let Ok(address) = address.parse::<IpAddr>() else {
            return Err(
                Invalid::new(format!("{} is not an IP address", quoted(address))).at(0..address.len())
            );
        };
        if matches!(address, IpAddr::V6(address) if address.to_ipv4_mapped().is_some()) {
            return Err(Invalid::new(format!("{shown} is an IPv4 address written as IPv6"))
                .help("write the IPv4 network"));
        }
        let digits = (1..=3).contains(&length.len()) && length.bytes().all(|c| c.is_ascii_digit());
        let Some(prefix) = length.parse().ok().filter(|prefix| digits && *prefix <= width(address)) else {
            return Err(Invalid::new(format!(
                "{shown} has a prefix that is not from 0 to {}",
                width(address)
            ))
            .at(text.len() - length.len()..text.len()));
        };
        let network = network(address, prefix);
        if network != address {
            return Err(Invalid::new(format!("{shown} has bits set behind its prefix")).help(format!(
                "write `{network}/{prefix}` for the network or `{address}/{}` for the address",
                width(address)
            )));
        }
        Ok(Self(format!("{network}/{prefix}")))
    }
}

/// The bits of an address of its family.
fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// The address with nothing behind its first `prefix` bits.
fn network(address: IpAddr, prefix: u32) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(prefix)).unwrap_or(0);
            IpAddr::V4((u32::from(address) & mask).into())
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(prefix)).unwrap_or(0);
            IpAddr::V6((u128::from(address) & mask).into())
        }
    }
}

impl Cidr {
    /// Whether all of `other` lies in it.
    pub fn contains(&self, other: &Self) -> bool {
        let parts = |cidr: &Self| {
            let (address, prefix) = cidr.0.split_once('/')?;
            Some((address.parse::<IpAddr>().ok()?, prefix.parse::<u32>().ok()?))
        };
        match (parts(self), parts(other)) {
            (Some((own, prefix)), Some((address, length))) => {
                own.is_ipv4() == address.is_ipv4() && prefix <= length && network(address, prefix) == own
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_canonical() {
        for (text, canonical) in
            [("0.0.0.0/0", "0.0.0.0/0"), ("10.1.2.3/32", "10.1.2.3/32"), ("FD00:0::/08", "fd00::/8")]
        {
            assert_eq!(Cidr::parse(text).unwrap().as_str(), canonical);
        }
        for (text, help) in [
            ("10.0.0.1/8", "write `10.0.0.0/8` for the network or `10.0.0.1/32` for the address"),
            ("10.0.0.1", "write `10.0.0.1/32`"),
        ] {
            assert_eq!(Cidr::parse(text).unwrap_err().help.unwrap(), help);
        }
        for bad in ["", "/", "10.0.0.0/33", "10.0.0/8", "::/129", "::ffff:1.2.3.4/128", "10.0.0.0/+8", "a/8"]
        {
            assert!(Cidr::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_network_contains_its_parts() {
        let read = |text| Cidr::parse(text).unwrap();
        assert!(
            read("0.0.0.0/0").contains(&read("10.0.0.0/8"))
                && read("10.0.0.0/8").contains(&read("10.1.0.0/16"))
        );
        assert!(
            !read("10.0.0.0/8").contains(&read("11.0.0.0/16")) && !read("::/0").contains(&read("10.0.0.0/8"))
        );
        assert!(!read("10.1.0.0/16").contains(&read("10.0.0.0/8")));
    }
}
