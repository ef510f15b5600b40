#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "models/messages.hpp"

namespace tl {

/// What a number measures, as powers of the canonical units: day, dollar, business day. Counts, shares and ratios have
/// none of them.
struct Dimension {
  int time = 0;
  int money = 0;
  int business = 0;
  friend constexpr bool operator==(Dimension, Dimension) = default;
};
constexpr Dimension operator+(Dimension a, Dimension b) {  ///< of a product
  return {a.time + b.time, a.money + b.money, a.business + b.business};
}
constexpr Dimension operator-(Dimension a, Dimension b) {  ///< of a quotient
  return {a.time - b.time, a.money - b.money, a.business - b.business};
}

inline constexpr Dimension kPlain{};                               ///< counts, shares, ratios
inline constexpr Dimension kDuration{.time = 1};                   ///< [day]
inline constexpr Dimension kRate{.time = -1};                      ///< [1/day]
inline constexpr Dimension kMoney{.money = 1};                     ///< [$]
inline constexpr Dimension kMoneyPerTime{.time = -1, .money = 1};  ///< [$/day]
inline constexpr Dimension kBusinessDays{.business = 1};           ///< [business day]

/// "a duration", "a rate", "a plain number", "$^1 d^2" ...
std::string name_of(Dimension dimension);
/// A text that would be right, for hints: "14 d", "7000 / y", "$1,250 / d".
std::string example_of(Dimension dimension);

/// A unit: how many canonical units it is, and of what.
/// A value in this unit is worth value × scale / divisor: two numbers, so that "48 h" is exactly 2 d and "35%" exactly
/// 0.35.
struct Unit {
  double scale = 1.0;
  double divisor = 1.0;
  Dimension dimension;
};

/// A value in canonical units (day, 1/day, $, $/day, business day, 1).
struct Quantity {
  double value = 0.0;
  Dimension dimension;
  bool has_unit = false;  ///< the text itself names a unit (also `%` or a word like "beds")
};

/// Why a text is no unit or number, and where in it.
struct UnitFault {
  Code code;  ///< of carrier_messages.hpp
  std::size_t offset = 0;
  std::string what, why, hint;
};

/// Reads "d", "per year", "persons/day", "USD/person-year", "per 1000 births", "%", "business days", "odds ratio".
std::variant<Unit, UnitFault> parse_unit(std::string_view text);

/// True when `word` alone measures something ("d", "USD", "percent") or is `per`, `min`, `max`: it cannot name a
/// parameter. Words for things that are counted ("beds") can.
bool is_unit_word(std::string_view word);

/// Reads a finite number: digits, a point, an exponent; nothing else. Refused with a hint: "1,250", "1,5", "0x10",
/// "nan", "inf", "1e400", "1e-400", "-0", more than 17 digits.
std::variant<double, UnitFault> parse_number(std::string_view text);

/// Reads a number with its unit: "14 d", "7000 / y", "3 per week", "35%", "$1,250 / d", "10 business d", "40 beds",
/// "12".
std::variant<Quantity, UnitFault> parse_quantity(std::string_view text);

/// A number that begins at `from`, also "$1,250" (its unit is then the dollar), and where it ends.
struct NumberScan {
  double value = 0.0;
  bool is_money = false;
  std::size_t end = 0;
};
/// @param comma_ends  within the arguments of min and max, where a comma ends a number
std::variant<NumberScan, UnitFault> scan_number(std::string_view text, std::size_t from, bool comma_ends);

/// Words of units one after another from `from` on ("business d", "person-year", "%"), and where they end; nullopt when
/// the next word is none.
struct UnitScan {
  Unit unit;
  std::size_t end = 0;
};
std::optional<UnitScan> scan_unit_words(std::string_view text, std::size_t from);

/// The fault of a word that is no unit, with the nearest one as hint.
UnitFault unknown_unit(std::string_view word, std::size_t offset);

/// The shortest decimal text that reads back as the same number.
std::string shown(double value);
/// A value in canonical units with its unit: "14 d", "0.5 / d", "$12.5 / d", "3".
std::string shown(double value, Dimension dimension);
/// A duration [day] for people: "6 h", "14 d", "1.5 y", with at most three digits.
std::string shown_duration(double days);

}  // namespace tl
