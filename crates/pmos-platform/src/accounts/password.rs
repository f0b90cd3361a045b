//! Which passwords are taken: 15 to 128 characters that are not the first that somebody else would try.
//!
//! Length does the work, as SP 800-63B says; no rule asks for digits or signs. What is refused on top: few different
//! characters, one piece repeated, a run such as 123456…, a well-known phrase, and names with nothing much around them.

use pmos_kit::{Error, Result, Secret};

const SHORTEST: usize = 15;
const LONGEST: usize = 128;
/// So many characters must be left once all that is well known about a password is taken out of it.
const OWN: usize = 6;

/// Phrases that stand in lists of leaked passwords or that everybody knows by heart, without their blanks.
const PHRASES: &str = include_str!("phrases.txt");
/// Pieces of which weak long passwords are put together, in lower case.
const PIECES: &str = "\
    1234567890 123456789 12345678 1234567 123456 12345 1234 123 0987654321 987654321 654321 54321 4321 321 \
    qwertyuiop qwerty qwertz azerty asdfghjkl asdfgh asdf zxcvbnm zxcvb 1qaz2wsx3edc 1qaz2wsx 1q2w3e4r5t \
    1q2w3e4r 1q2w3e abc123 abcdefgh abcdef abcd abc password passwort passw0rd p4ssw0rd passphrase secret geheim \
    letmein welcome changeme default administrator admin root user login guest test demo temp master superuser \
    super iloveyou loveyou love monkey dragon sunshine princess football baseball shadow michael superman batman \
    trustno1 starwars whatever freedom computer internet server openclaw pmos agent workspace company january \
    february march april june july august september october november december monday tuesday wednesday thursday \
    friday saturday sunday spring summer autumn winter 2020 2021 2022 2023 2024 2025 2026 2027 2028 111111 \
    000000 the my";

/// Is this password taken, for somebody of whom this is known (e-mail address, name)?
///
/// # Errors
/// `INVALID_REQUEST` naming `field` and what is wrong.
pub(crate) fn check(field: &'static str, password: &Secret, about: &[&str]) -> Result<()> {
    match weakness(password.expose(), about) {
        Some(words) => Err(Error::invalid_field(field, words)),
        None => Ok(()),
    }
}

/// What is wrong with a password, if anything is.
pub(super) fn weakness(password: &str, about: &[&str]) -> Option<&'static str> {
    match password.chars().count() {
        ..SHORTEST => return Some("a password has at least 15 characters: four or five words of your own do well"),
        SHORTEST..=LONGEST => {}
        _ => return Some("a password has at most 128 characters"),
    }
    let plain: Vec<char> = password.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    if distinct(&plain) < 5 {
        return Some("this password has too few different characters");
    }
    if is_repeated(&plain) {
        return Some("this password is one piece repeated: choose words that do not repeat");
    }
    if is_run(&plain) {
        return Some("this password is a run of neighbouring characters: choose words of your own");
    }
    let letters: String = plain.iter().filter(|c| c.is_alphanumeric()).collect();
    if is_phrase(&letters) {
        return Some("this is a well-known phrase, which is tried first: choose words of your own");
    }
    if own_part(&plain, about) < OWN {
        return Some("this password is made of names and words that are tried first: add words of your own");
    }
    None
}

fn distinct(plain: &[char]) -> usize {
    let mut sorted = plain.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len()
}

/// Is it one piece at least twice, the last time perhaps cut off?
fn is_repeated(plain: &[char]) -> bool {
    (1..=plain.len() / 2).any(|period| plain.iter().skip(period).eq(plain.iter().take(plain.len() - period)))
}

/// Are three of four neighbours the same character or the next one, up or down?
fn is_run(plain: &[char]) -> bool {
    let near = |pair: &&[char]| match pair {
        ['9', '0'] | ['0', '9'] => true,
        [left, right] => u32::from(*left).abs_diff(u32::from(*right)) <= 1,
        _ => false,
    };
    plain.windows(2).filter(near).count() * 4 >= plain.len().saturating_sub(1) * 3
}

/// Is it a well-known phrase, with or without a number behind it?
fn is_phrase(letters: &str) -> bool {
    let bare = letters.trim_end_matches(|c: char| c.is_ascii_digit());
    PHRASES.lines().any(|phrase| phrase == letters || phrase == bare)
}

/// How many characters are left without the pieces that everybody knows, and what is known of the person.
fn own_part(plain: &[char], about: &[&str]) -> usize {
    let mut known: Vec<String> = PIECES.split(' ').map(str::to_owned).collect();
    for text in about {
        let words = text.to_lowercase();
        known.extend(
            words.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 3).map(str::to_owned),
        );
    }
    known.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut rest: String = plain.iter().collect();
    for word in &known {
        // A blank, so that what stood on both sides does not make a new word.
        rest = rest.replace(word, " ");
    }
    rest.chars().filter(|c| c.is_alphanumeric()).count()
}
