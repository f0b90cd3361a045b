//! The parameters of all versions.

use crate::node::{Kind, Property, Shown};

const NAME_VALUE: &[Property] = &[Property::text("name"), Property::text("value")];
const METHODS: &[&str] = &["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

const OLD: f64 = 2.0;
const NEW: f64 = 3.0;

const GENERIC: Shown = Shown::is("authentication", &["genericCredentialType"]);
const PREDEFINED: Shown = Shown::is("authentication", &["predefinedCredentialType"]);
const QUERY: Shown = Shown::is("sendQuery", &["true"]);
const HEADERS: Shown = Shown::is("sendHeaders", &["true"]);
const BODY: Shown = Shown::is("sendBody", &["true"]);

pub(super) const ALL: &[Property] = &[
    // All versions.
    Property::text("url").required(),
    Property::options(
        "authentication",
        "none",
        &["basicAuth", "digestAuth", "headerAuth", "none", "oAuth1", "oAuth2", "queryAuth"],
    )
    .until(1.0),
    Property::options("authentication", "none", &["none", "predefinedCredentialType", "genericCredentialType"])
        .since(2.0),
    Property::text("nodeCredentialType").when(&[PREDEFINED]).since(2.0),
    Property::options(
        "genericAuthType",
        "",
        &[
            "httpBasicAuth",
            "httpBearerAuth",
            "httpCustomAuth",
            "httpDigestAuth",
            "httpHeaderAuth",
            "httpQueryAuth",
            "oAuth1Api",
            "oAuth2Api",
        ],
    )
    .when(&[GENERIC])
    .since(2.0),
    // Versions 1 and 2.
    Property::options("requestMethod", "GET", METHODS).until(OLD),
    Property::bool("allowUnauthorizedCerts", false).until(OLD),
    Property::options("responseFormat", "json", &["file", "json", "string"]).until(OLD),
    Property::text("dataPropertyName").or("data").until(OLD),
    Property::bool("jsonParameters", false).until(OLD),
    Property::collection("options", OLD_OPTIONS).until(OLD),
    Property::bool("sendBinaryData", false).when(&[Shown::is("jsonParameters", &["true"])]).until(OLD),
    Property::text("binaryPropertyName").or("data").until(OLD),
    Property::of("bodyParametersJson", Kind::Json).until(OLD),
    Property::of("headerParametersJson", Kind::Json).until(OLD),
    Property::of("queryParametersJson", Kind::Json).until(OLD),
    Property::groups("bodyParametersUi", &[("parameter", NAME_VALUE)]).until(OLD),
    Property::groups("headerParametersUi", &[("parameter", NAME_VALUE)]).until(OLD),
    Property::groups("queryParametersUi", &[("parameter", NAME_VALUE)]).until(OLD),
    // From version 3 on.
    Property::options("method", "GET", METHODS).since(NEW),
    Property::bool("provideSslCertificates", false).since(NEW),
    Property::bool("sendQuery", false).since(NEW),
    Property::options("specifyQuery", "keypair", &["keypair", "json"]).when(&[QUERY]).since(NEW),
    Property::groups("queryParameters", &[("parameters", NAME_VALUE)]).when(&[QUERY]).since(NEW),
    Property::of("jsonQuery", Kind::Json).when(&[QUERY, Shown::is("specifyQuery", &["json"])]).since(NEW),
    Property::bool("sendHeaders", false).since(NEW),
    Property::options("specifyHeaders", "keypair", &["keypair", "json"]).when(&[HEADERS]).since(NEW),
    Property::groups("headerParameters", &[("parameters", NAME_VALUE)]).when(&[HEADERS]).since(NEW),
    Property::of("jsonHeaders", Kind::Json).when(&[HEADERS, Shown::is("specifyHeaders", &["json"])]).since(NEW),
    Property::bool("sendBody", false).since(NEW),
    Property::options("contentType", "json", &["form-urlencoded", "multipart-form-data", "json", "binaryData", "raw"])
        .when(&[BODY])
        .since(NEW),
    Property::options("specifyBody", "keypair", &["keypair", "json"])
        .when(&[BODY, Shown::is("contentType", &["json"])])
        .since(NEW),
    Property::options("specifyBody", "keypair", &["keypair", "string"])
        .when(&[BODY, Shown::is("contentType", &["form-urlencoded"])])
        .since(NEW),
    Property::groups(
        "bodyParameters",
        &[(
            "parameters",
            &[
                Property::options("parameterType", "formData", &["formBinaryData", "formData"]),
                Property::text("name"),
                Property::text("value"),
                Property::text("inputDataFieldName"),
            ],
        )],
    )
    .when(&[BODY, Shown::is("contentType", &["json", "form-urlencoded", "multipart-form-data"])])
    .since(NEW),
    Property::of("jsonBody", Kind::Json)
        .when(&[BODY, Shown::is("contentType", &["json"]), Shown::is("specifyBody", &["json"])])
        .since(NEW),
    Property::text("body").when(&[BODY, Shown::is("contentType", &["form-urlencoded", "raw"])]).since(NEW),
    Property::text("rawContentType").when(&[BODY, Shown::is("contentType", &["raw"])]).since(NEW),
    Property::text("inputDataFieldName").when(&[BODY, Shown::is("contentType", &["binaryData"])]).since(NEW),
    Property::collection("options", OPTIONS).since(NEW),
];

const OLD_OPTIONS: &[Property] = &[
    Property::number("batchInterval", 1000.0),
    Property::number("batchSize", 50.0),
    Property::options("bodyContentType", "json", &["json", "raw", "form-urlencoded", "multipart-form-data"]),
    Property::text("bodyContentCustomMimeType"),
    Property::bool("followAllRedirects", false),
    Property::bool("followRedirect", true),
    Property::bool("fullResponse", false),
    Property::bool("ignoreResponseCode", false),
    Property::text("proxy"),
    Property::bool("splitIntoItems", false),
    Property::number("timeout", 10_000.0),
    Property::bool("useQueryString", false),
];

const OPTIONS: &[Property] = &[
    Property::group(
        "batching",
        &[("batch", &[Property::number("batchSize", 50.0), Property::number("batchInterval", 1000.0)])],
    ),
    Property::bool("allowUnauthorizedCerts", false),
    Property::options("queryParameterArrays", "brackets", &["repeat", "brackets", "indices"]),
    Property::bool("lowercaseHeaders", true),
    Property::bool("sendCredentialsOnCrossOriginRedirect", false).since(4.4),
    Property::group(
        "redirect",
        &[(
            "redirect",
            &[
                Property::bool("followRedirects", false).until(3.0),
                Property::bool("followRedirects", true).since(4.0),
                Property::number("maxRedirects", 21.0),
            ],
        )],
    ),
    Property::group(
        "response",
        &[(
            "response",
            &[
                Property::bool("fullResponse", false),
                Property::bool("neverError", false),
                Property::options("responseFormat", "autodetect", &["autodetect", "file", "json", "text"]),
                Property::text("outputPropertyName").or("data"),
            ],
        )],
    ),
    Property::group("pagination", &[("pagination", PAGINATION)]),
    Property::text("proxy"),
    Property::number("timeout", 10_000.0),
];

const PAGED: Shown = Shown::not("paginationMode", &["off"]);

const PAGINATION: &[Property] = &[
    Property::options(
        "paginationMode",
        "updateAParameterInEachRequest",
        &["off", "updateAParameterInEachRequest", "responseContainsNextURL"],
    ),
    Property::text("nextURL").when(&[Shown::is("paginationMode", &["responseContainsNextURL"])]),
    Property::groups(
        "parameters",
        &[(
            "parameters",
            &[
                Property::options("type", "qs", &["body", "headers", "qs"]),
                Property::text("name"),
                Property::text("value"),
            ],
        )],
    )
    .when(&[Shown::is("paginationMode", &["updateAParameterInEachRequest"])]),
    Property::options(
        "paginationCompleteWhen",
        "responseIsEmpty",
        &["responseIsEmpty", "receiveSpecificStatusCodes", "other"],
    )
    .when(&[PAGED]),
    Property::text("statusCodesWhenComplete").when(&[PAGED]),
    Property::text("completeExpression").when(&[PAGED]),
    Property::bool("limitPagesFetched", false).when(&[PAGED]),
    Property::number("maxRequests", 100.0).when(&[PAGED]),
    Property::number("requestInterval", 0.0).when(&[PAGED]),
];
