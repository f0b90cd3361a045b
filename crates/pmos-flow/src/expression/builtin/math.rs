//! `Math`.

use super::argument;
use crate::expression::interpreter::{Interpreter, Run, power, to_int32, to_number, to_uint32};
use crate::value::Value;

pub(super) fn call(own: &mut Interpreter<'_>, name: &str, arguments: &[Value]) -> Run<Option<Value>> {
    match name {
        "max" | "min" => {
            let mut best = if name == "max" { f64::NEG_INFINITY } else { f64::INFINITY };
            for value in arguments {
                let number = to_number(value)?;
                best = if best.is_nan() || number.is_nan() { f64::NAN } else { better(name == "max", best, number) };
            }
            return Ok(Some(Value::Number(best)));
        }
        "hypot" => {
            let mut numbers = Vec::with_capacity(arguments.len());
            for value in arguments {
                numbers.push(to_number(value)?);
            }
            if numbers.iter().any(|number| number.is_infinite()) {
                return Ok(Some(Value::Number(f64::INFINITY)));
            }
            return Ok(Some(Value::Number(match numbers[..] {
                [a, b] => a.hypot(b),
                _ => numbers.iter().map(|number| number * number).sum::<f64>().sqrt(),
            })));
        }
        "random" => return Ok(Some(Value::Number(own.scope.random()))),
        _ => {}
    }
    let number = to_number(argument(arguments, 0))?;
    Ok(Some(Value::Number(match name {
        "abs" => number.abs(),
        "ceil" => number.ceil(),
        "floor" => number.floor(),
        "round" => round(number),
        "trunc" => number.trunc(),
        "sign" if number == 0.0 || number.is_nan() => number,
        "sign" => number.signum(),
        "sqrt" => number.sqrt(),
        "cbrt" => number.cbrt(),
        "pow" => power(number, to_number(argument(arguments, 1))?),
        "exp" => number.exp(),
        "expm1" => number.exp_m1(),
        "log" => number.ln(),
        "log2" => number.log2(),
        "log10" => number.log10(),
        "log1p" => number.ln_1p(),
        "sin" => number.sin(),
        "cos" => number.cos(),
        "tan" => number.tan(),
        "asin" => number.asin(),
        "acos" => number.acos(),
        "atan" => number.atan(),
        "atan2" => number.atan2(to_number(argument(arguments, 1))?),
        "sinh" => number.sinh(),
        "cosh" => number.cosh(),
        "tanh" => number.tanh(),
        "asinh" => number.asinh(),
        "acosh" => number.acosh(),
        "atanh" => number.atanh(),
        "fround" => f64::from(number as f32),
        "clz32" => f64::from(to_uint32(number).leading_zeros()),
        "imul" => f64::from(to_int32(number).wrapping_mul(to_int32(to_number(argument(arguments, 1))?))),
        _ => return Ok(None),
    })))
}

fn better(max: bool, a: f64, b: f64) -> f64 {
    // 0 is more than -0.
    if a == b {
        return if a.is_sign_negative() == max { b } else { a };
    }
    if (a > b) == max { a } else { b }
}

/// `Math.round`: halves go up.
pub(crate) fn round(number: f64) -> f64 {
    if number.fract() == 0.0 || !number.is_finite() {
        return number;
    }
    let floor = number.floor();
    let rounded = if number - floor >= 0.5 { floor + 1.0 } else { floor };
    if rounded == 0.0 { 0.0_f64.copysign(number) } else { rounded }
}
