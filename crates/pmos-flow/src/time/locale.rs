//! The names of months and weekdays in some languages. What is not here is left to English.

/// The names of a language.
pub(super) struct Names {
    pub(super) months: [&'static str; 12],
    pub(super) short_months: [&'static str; 12],
    /// From Monday on.
    pub(super) weekdays: [&'static str; 7],
    pub(super) short_weekdays: [&'static str; 7],
}

const ENGLISH: Names = Names {
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    short_months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    short_weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
};

const GERMAN: Names = Names {
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    short_months: ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"],
    weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    short_weekdays: ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"],
};

const FRENCH: Names = Names {
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    short_months: ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    short_weekdays: ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."],
};

const SPANISH: Names = Names {
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    short_months: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"],
    weekdays: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    short_weekdays: ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"],
};

const ITALIAN: Names = Names {
    months: [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    short_months: ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
    weekdays: ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"],
    short_weekdays: ["lun", "mar", "mer", "gio", "ven", "sab", "dom"],
};

const PORTUGUESE: Names = Names {
    months: [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
    short_months: ["jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez."],
    weekdays: ["segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"],
    short_weekdays: ["seg.", "ter.", "qua.", "qui.", "sex.", "sáb.", "dom."],
};

const DUTCH: Names = Names {
    months: [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    short_months: ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    weekdays: ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    short_weekdays: ["ma", "di", "wo", "do", "vr", "za", "zo"],
};

/// The names of a language such as `en-US`; nothing where they are not here.
pub(super) fn names(locale: &str) -> Option<&'static Names> {
    Some(match locale.split(['-', '_']).next()? {
        "en" => &ENGLISH,
        "de" => &GERMAN,
        "fr" => &FRENCH,
        "es" => &SPANISH,
        "it" => &ITALIAN,
        "pt" => &PORTUGUESE,
        "nl" => &DUTCH,
        _ => return None,
    })
}

/// The names of a language, or the English ones.
pub(super) fn names_or_english(locale: &str) -> &'static Names {
    names(locale).unwrap_or(&ENGLISH)
}

/// A time zone's name in English, as far as it is well known, such as `Eastern Standard Time`.
pub(super) fn zone_name(zone: &str, dst: bool) -> Option<String> {
    let region = match zone {
        "America/New_York" | "America/Detroit" | "America/Toronto" => "Eastern",
        "America/Chicago" | "America/Winnipeg" => "Central",
        "America/Denver" | "America/Edmonton" | "America/Phoenix" => "Mountain",
        "America/Los_Angeles" | "America/Vancouver" => "Pacific",
        "Europe/London" if dst => return Some("British Summer Time".into()),
        "Europe/London" => return Some("Greenwich Mean Time".into()),
        "Europe/Berlin" | "Europe/Paris" | "Europe/Madrid" | "Europe/Rome" | "Europe/Vienna" | "Europe/Zurich"
        | "Europe/Amsterdam" | "Europe/Brussels" | "Europe/Prague" | "Europe/Warsaw" | "Europe/Stockholm"
        | "Europe/Oslo" | "Europe/Copenhagen" => "Central European",
        "Europe/Athens" | "Europe/Helsinki" | "Europe/Kiev" | "Europe/Kyiv" | "Europe/Bucharest" => "Eastern European",
        "Asia/Tokyo" => return Some("Japan Standard Time".into()),
        "Asia/Kolkata" | "Asia/Calcutta" => return Some("India Standard Time".into()),
        "Asia/Shanghai" => return Some("China Standard Time".into()),
        "Asia/Dubai" => return Some("Gulf Standard Time".into()),
        "Asia/Singapore" => return Some("Singapore Standard Time".into()),
        "Australia/Sydney" | "Australia/Melbourne" => "Australian Eastern",
        "America/Sao_Paulo" => return Some("Brasilia Standard Time".into()),
        "UTC" | "Etc/UTC" => return Some("Coordinated Universal Time".into()),
        _ => return None,
    };
    let season = match (region.ends_with("European"), dst) {
        (true, true) => "Summer",
        (false, true) => "Daylight",
        _ => "Standard",
    };
    Some(format!("{region} {season} Time"))
}
