//! How many sockets may be open that nobody has signed in on yet.
//!
//! Whoever has not shown a credential costs memory all the same. So many of them are held for one address, and so many
//! for all; the next upgrade is refused.

use parking_lot::Mutex;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

/// As many as OpenClaw allows an address.
const PER_ADDRESS: u32 = 32;
/// At 64 KiB each, 64 MiB at the very most.
const IN_ALL: u32 = 1_024;

/// The sockets on which nobody has signed in yet.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    in_all: u32,
    by_address: HashMap<IpAddr, u32>,
}

/// A place in the budget, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    budget: Arc<Budget>,
    address: IpAddr,
}

impl Budget {
    /// Take a place for this address, if there is one.
    pub(crate) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = network_of(address);
        let mut held = self.held.lock();
        let count = held.by_address.get(&address).copied().unwrap_or(0);
        if held.in_all >= IN_ALL || count >= PER_ADDRESS {
            return None;
        }
        held.in_all += 1;
        held.by_address.insert(address, count + 1);
        Some(Place { budget: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.budget.held.lock();
        held.in_all -= 1;
        match held.by_address.get_mut(&self.address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(held.by_address.remove(&self.address)),
        }
    }
}

/// Whoever holds one address of IPv6 holds the 64 bits behind it, too.
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) if !v6.is_loopback() => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_32_places_and_gets_them_back() {
        let budget = Arc::new(Budget::default());
        let (one, two) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let mut places: Vec<_> = (0..PER_ADDRESS).map(|_| budget.take(one).unwrap()).collect();
        assert!(budget.take(one).is_none());
        assert!(budget.take(two).is_some());
        places.pop();
        assert!(budget.take(one).is_some());
        drop(places);
        let held = budget.held.lock();
        assert_eq!((held.in_all, held.by_address.len()), (0, 0));
    }

    #[test]
    fn neighbours_in_ipv6_share_their_places() {
        assert_eq!(network_of("2001:db8::1".parse().unwrap()), network_of("2001:db8::2:3".parse().unwrap()));
        assert_ne!(network_of("2001:db8:0:1::1".parse().unwrap()), network_of("2001:db8::1".parse().unwrap()));
    }
}
