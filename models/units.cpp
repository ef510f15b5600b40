#include "models/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "models/carrier_messages.hpp"
#include "models/problem.hpp"
#include "models/suggest.hpp"

namespace tl {

namespace {

consteval Code code(std::string_view text) {
  return Code::in(kCarrierMessages, text);
}

struct Word {
  std::string_view text;
  double scale = 1.0;
  double divisor = 1.0;
  Dimension dimension;
};

constexpr double kDaysPerYear = 365.25;

/// Words that measure. Canonical are the day and the dollar; a month is a twelfth of a year, a quarter a fourth.
constexpr auto kMeasures = std::to_array<Word>({
    {"s", 1, 86400, kDuration},
    {"sec", 1, 86400, kDuration},
    {"second", 1, 86400, kDuration},
    {"seconds", 1, 86400, kDuration},
    {"min", 1, 1440, kDuration},
    {"minute", 1, 1440, kDuration},
    {"minutes", 1, 1440, kDuration},
    {"h", 1, 24, kDuration},
    {"hr", 1, 24, kDuration},
    {"hour", 1, 24, kDuration},
    {"hours", 1, 24, kDuration},
    {"d", 1, 1, kDuration},
    {"day", 1, 1, kDuration},
    {"days", 1, 1, kDuration},
    {"night", 1, 1, kDuration},
    {"nights", 1, 1, kDuration},
    {"w", 7, 1, kDuration},
    {"wk", 7, 1, kDuration},
    {"week", 7, 1, kDuration},
    {"weeks", 7, 1, kDuration},
    {"mo", kDaysPerYear, 12, kDuration},
    {"month", kDaysPerYear, 12, kDuration},
    {"months", kDaysPerYear, 12, kDuration},
    {"quarter", kDaysPerYear, 4, kDuration},
    {"quarters", kDaysPerYear, 4, kDuration},
    {"y", kDaysPerYear, 1, kDuration},
    {"yr", kDaysPerYear, 1, kDuration},
    {"year", kDaysPerYear, 1, kDuration},
    {"years", kDaysPerYear, 1, kDuration},
    {"USD", 1, 1, kMoney},
    {"usd", 1, 1, kMoney},
    {"dollar", 1, 1, kMoney},
    {"dollars", 1, 1, kMoney},
    {"percent", 1, 100, kPlain},
});

/// Words for what is counted, and for shares and ratios: plain numbers all. A word is listed here so that a misspelt
/// unit of time is not taken for a thing.
constexpr auto kCounted = std::to_array<std::string_view>({
    "admission",  "admissions", "adult",      "adults",     "appointment", "appointments", "arrest",
    "arrests",    "arrival",    "arrivals",   "bed",        "beds",        "birth",        "births",
    "booking",    "bookings",   "call",       "calls",      "case",        "caseload",     "cases",
    "center",     "centers",    "centre",     "centres",    "chair",       "chairs",       "child",
    "children",   "client",     "clients",    "clinic",     "clinics",     "clinician",    "clinicians",
    "contact",    "contacts",   "count",      "crises",     "crisis",      "death",        "deaths",
    "discharge",  "discharges", "encounter",  "encounters", "enrollee",    "enrollees",    "enrolment",
    "enrolments", "entries",    "entry",      "episode",    "episodes",    "event",        "events",
    "exit",       "exits",      "facilities", "facility",   "families",    "family",       "fraction",
    "FTE",        "fte",        "hazard",     "hold",       "holds",       "home",         "homes",
    "hospital",   "hospitals",  "household",  "households", "incident",    "incidents",    "inmate",
    "inmates",    "language",   "languages",  "member",     "members",     "mother",       "mothers",
    "nurse",      "nurses",     "odds",       "overdose",   "overdoses",   "participant",  "participants",
    "patient",    "patients",   "people",     "person",     "persons",     "place",        "placement",
    "placements", "places",     "point",      "points",     "post",        "posts",        "probability",
    "program",    "programs",   "proportion", "rate",       "ratio",       "referral",     "referrals",
    "relative",   "release",    "releases",   "request",    "requests",    "resident",     "residents",
    "response",   "responses",  "return",     "returns",    "risk",        "room",         "rooms",
    "screening",  "screenings", "seat",       "seats",      "service",     "services",     "session",
    "sessions",   "setting",    "settings",   "share",      "shelter",     "shelters",     "shift",
    "shifts",     "site",       "sites",      "slot",       "slots",       "staff",        "stay",
    "stays",      "step",       "steps",      "team",       "teams",       "test",         "tests",
    "time",       "times",      "transfer",   "transfers",  "unit",        "units",        "veteran",
    "veterans",   "visit",      "visits",     "voucher",    "vouchers",    "woman",        "women",
    "worker",     "workers",    "youth",
});

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

/// Letters, digits and `_` from `at` on, beginning with a letter or `_`.
std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  if (end < text.size() && (is_letter(text[end]) || text[end] == '_'))
    while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '_')) ++end;
  return text.substr(at, end - at);
}

std::size_t end_of_word(std::string_view text, std::size_t at) {
  while (at < text.size() && (is_letter(text[at]) || is_digit(text[at]))) ++at;
  return at;
}

std::optional<Unit> measure(std::string_view word) {
  for (const Word& known : kMeasures)
    if (known.text == word) return Unit{known.scale, known.divisor, known.dimension};
  return std::nullopt;
}

std::optional<Unit> unit_of_word(std::string_view word) {
  if (const auto found = measure(word)) return found;
  for (const std::string_view counted : kCounted)
    if (counted == word) return Unit{};
  return std::nullopt;
}

Unit product(const Unit& a, const Unit& b) {
  return {a.scale * b.scale, a.divisor * b.divisor, a.dimension + b.dimension};
}
Unit quotient(const Unit& a, const Unit& b) {
  return {a.scale * b.divisor, a.divisor * b.scale, a.dimension - b.dimension};
}

/// "d", "/ d", "USD / d", "USD d^2".
std::string unit_text(Dimension dimension) {
  std::string above, below;
  const auto put = [&](int power, std::string_view name) {
    if (power == 0) return;
    std::string& side = power > 0 ? above : below;
    side += power > 0 ? (side.empty() ? "" : " ") : " / ";
    side += name;
    if (std::abs(power) > 1) side += '^' + std::to_string(std::abs(power));
  };
  put(dimension.money, "USD");
  put(dimension.business, "business d");
  put(dimension.time, "d");
  return above.empty() && !below.empty() ? below.substr(1) : above + below;
}

/// Three digits that count, without zeros behind the point.
std::string three_digits(double value) {
  const double size = std::abs(value);
  const int places = size >= 100.0 ? 0 : size >= 10.0 ? 1 : 2;
  std::array<char, 400> buffer{};
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, places);
  std::string text(buffer.data(), result.ptr);
  if (text.find('.') != std::string::npos) text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

UnitFault fault(Code kind, std::size_t offset, std::string what, std::string why, std::string hint = "") {
  return {kind, offset, std::move(what), std::move(why), std::move(hint)};
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// "1,250" or "1,5" and the like: what it could have meant.
std::string without_commas(std::string_view number) {
  std::string thousands, decimal;
  for (const char c : number) {
    if (c != ',') thousands += c;
    decimal += c == ',' ? '.' : c;
  }
  const std::size_t comma = number.find(',');
  const bool groups_of_three = number.size() - number.rfind(',') == 4 && comma <= 3;
  if (groups_of_three && number.find(',', comma + 1) != std::string_view::npos)
    return "Write " + in_quotes(thousands) + ".";
  if (groups_of_three)
    return "Write " + in_quotes(thousands) + ", or " + in_quotes(decimal) + " if a decimal point is meant.";
  const bool both = number.find('.') != std::string_view::npos;
  return both ? "Write it with one decimal point and no other mark." : "Write " + in_quotes(decimal) + ".";
}

/// Digits that count: leading zeros do not.
std::size_t significant_digits(std::string_view digits) {
  std::size_t count = 0;
  for (const char c : digits) {
    if (c == 'e' || c == 'E') break;
    if (is_digit(c) && (c != '0' || count > 0)) ++count;
  }
  return count;
}

/// The value of a well-formed run of digits, or why it cannot be held.
std::variant<double, UnitFault> value_of(std::string_view digits, std::size_t offset) {
  constexpr std::size_t kMostDigits = 17;               // what a double needs to come back unchanged
  constexpr double kLargestWhole = 9007199254740992.0;  // 2^53
  double value = 0.0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool tiny = value != 0.0 && std::abs(value) < std::numeric_limits<double>::min();
  if (error == std::errc::result_out_of_range || tiny || !std::isfinite(value))
    return fault(code("number-size"), offset, "is " + in_quotes(digits),
                 "a number must be 0 or between 2.3e-308 and 1.8e308 in size");
  if (error != std::errc{} || end != digits.data() + digits.size())
    return fault(code("number-bad"), offset, "is " + in_quotes(digits), "this is no number");
  const bool whole = digits.find_first_of(".eE") == std::string_view::npos;
  if (significant_digits(digits) > kMostDigits || (whole && value >= kLargestWhole && digits != "9007199254740992"))
    return fault(code("number-digits"), offset, "is " + in_quotes(digits), "only 17 digits of a number can be held",
                 "Write " + in_quotes(shown(value)) + ".");
  return value;
}

/// The run of digits, point and exponent from `at`; its form is checked by the caller.
std::size_t end_of_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && (is_digit(text[at]) || text[at] == '.')) ++at;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t exponent = at + 1;
    if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
    if (exponent < text.size() && is_digit(text[exponent])) {
      while (exponent < text.size() && is_digit(text[exponent])) ++exponent;
      return exponent;
    }
  }
  return at;
}

/// "1,250,000": groups of three after the first comma, as money is written.
std::size_t end_of_groups(std::string_view text, std::size_t at, std::string& digits) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  digits = text.substr(at, end - at);
  const bool grouped = digits.size() <= 3;
  while (grouped && end + 3 < text.size() && text[end] == ',' && is_digit(text[end + 1]) && is_digit(text[end + 2]) &&
         is_digit(text[end + 3]) && (end + 4 == text.size() || !is_digit(text[end + 4]))) {
    digits += text.substr(end + 1, 3);
    end += 4;
  }
  const std::size_t rest = end_of_digits(text, end);
  digits += text.substr(end, rest - end);
  return rest;
}

std::optional<UnitFault> misshapen(std::string_view text, std::size_t from, std::size_t end, bool comma_ends) {
  const std::string_view digits = text.substr(from, end - from);
  if (digits.front() == '.' || digits.back() == '.' || digits.find('.') != digits.rfind('.') ||
      digits.find(".e") != std::string_view::npos || digits.find(".E") != std::string_view::npos)
    return fault(code("number-bad"), from, "is " + in_quotes(digits),
                 "a number has digits on both sides of one decimal point",
                 digits.front() == '.' ? "Write " + in_quotes("0" + std::string{digits}) + "." : "");
  if (end == text.size()) return std::nullopt;
  if (digits == "0" && std::string_view{"xXbBoO"}.find(text[end]) != std::string_view::npos)
    return fault(code("number-base"), from, "is " + in_quotes(text.substr(from, end_of_word(text, end) - from)),
                 "numbers are decimal");
  if (text[end] == ',' && !comma_ends && end + 1 < text.size() && is_digit(text[end + 1])) {
    std::size_t last = end;
    while (last < text.size() && (is_digit(text[last]) || text[last] == ',' || text[last] == '.')) ++last;
    const std::string_view number = text.substr(from, last - from);
    return fault(code("number-comma"), from, "is " + in_quotes(number), "commas are not read in numbers",
                 without_commas(number));
  }
  const bool apart =
      text[end] == '_' || text[end] == '\'' || (text[end] == ' ' && end + 1 < text.size() && is_digit(text[end + 1]));
  if (apart)
    return fault(code("number-bad"), end, "has " + in_quotes(text.substr(end, 1)) + " within a number",
                 "digits are written without marks between them");
  return std::nullopt;
}

}  // namespace

std::variant<NumberScan, UnitFault> scan_number(std::string_view text, std::size_t from, bool comma_ends) {
  NumberScan scan;
  std::size_t at = from;
  if (at < text.size() && text[at] == '$') {
    scan.is_money = true;
    at = skip_space(text, at + 1);
  }
  if (at >= text.size() || !(is_digit(text[at]) || text[at] == '.'))
    return fault(code("number-bad"), at, "is " + in_quotes(text.substr(at)), "this is no number");
  std::string digits;
  scan.end = scan.is_money && is_digit(text[at]) ? end_of_groups(text, at, digits) : end_of_digits(text, at);
  if (const auto bad = misshapen(text, at, scan.end, comma_ends)) return *bad;
  if (digits.empty()) digits = text.substr(at, scan.end - at);
  const auto value = value_of(digits, at);
  if (const auto* bad = std::get_if<UnitFault>(&value)) return *bad;
  scan.value = std::get<double>(value);
  return scan;
}

std::optional<UnitScan> scan_unit_words(std::string_view text, std::size_t from) {
  UnitScan scan{{}, from};
  bool any = false;
  for (std::size_t at = skip_space(text, from);;) {
    if (at < text.size() && text[at] == '%') {
      scan = {product(scan.unit, {1.0, 100.0, kPlain}), at + 1};
      any = true;
      at = skip_space(text, scan.end);
      continue;
    }
    std::string_view word = word_at(text, at);
    std::optional<Unit> unit = unit_of_word(word);
    if (word == "business") {  // "10 business d": a day of its own kind
      const std::size_t next = skip_space(text, at + word.size());
      const std::string_view day = word_at(text, next);
      if (day == "d" || day == "day" || day == "days") {
        unit = Unit{1.0, 1.0, kBusinessDays};
        word = text.substr(at, next + day.size() - at);
      }
    }
    if (!unit) break;
    scan = {product(scan.unit, *unit), at + word.size()};
    any = true;
    const bool joined =
        scan.end + 1 < text.size() && text[scan.end] == '-' && unit_of_word(word_at(text, scan.end + 1));
    at = joined ? scan.end + 1 : skip_space(text, scan.end);
  }
  return any ? std::optional{scan} : std::nullopt;
}

UnitFault unknown_unit(std::string_view word, std::size_t offset) {
  std::vector<std::string> names;
  for (const Word& known : kMeasures) names.emplace_back(known.text);
  for (const std::string_view counted : kCounted) names.emplace_back(counted);
  std::string hint = did_you_mean(word, names);
  if (word == "m" || word == "M") hint = "Write \"min\" for minutes or \"mo\" for months.";
  if (hint.empty())
    hint = "Units are s, min, h, d, w, mo, y, business d, %, USD, and words for what is counted, as persons or beds.";
  return fault(code("unit-unknown"), offset, "has the unit " + in_quotes(word), "no unit has that name", hint);
}

namespace {

/// A phrase of units from `at` to the end: words, then `/` or `per` and words or numbers, as often as wanted.
std::variant<Unit, UnitFault> read_phrase(std::string_view text, std::size_t at) {
  Unit unit;
  bool below = false, due = true;  // a unit is due after "/" and at the beginning
  const auto divides = [&](std::size_t from) -> std::size_t {
    if (from < text.size() && text[from] == '/') return 1;
    return word_at(text, from) == "per" ? 3 : 0;
  };
  for (at = skip_space(text, at); at < text.size(); at = skip_space(text, at)) {
    if (const std::size_t length = divides(at); length > 0) {
      if (due && below)
        return fault(code("unit-unknown"), at, "has two divisions in a row", "a unit is due between them");
      below = due = true;
      at += length;
    } else if (is_digit(text[at])) {
      auto number = scan_number(text, at, false);
      if (const auto* bad = std::get_if<UnitFault>(&number)) return *bad;
      auto& scan = std::get<NumberScan>(number);
      Unit factor{scan.value, 1.0, kPlain};
      if (word_at(text, scan.end) == "k") factor.scale *= 1000.0, ++scan.end;  // "beds/100k adults"
      unit = below ? quotient(unit, factor) : product(unit, factor);
      at = scan.end;
      due = false;
    } else if (const auto words = scan_unit_words(text, at)) {
      unit = below ? quotient(unit, words->unit) : product(unit, words->unit);
      at = words->end;
      due = false;
    } else {
      const std::string_view word = word_at(text, at);
      return unknown_unit(word.empty() ? text.substr(at) : word, at);
    }
  }
  if (due) return fault(code("unit-unknown"), text.size(), "is " + in_quotes(text), "a unit is due here");
  const double factor = unit.scale / unit.divisor;
  if (!(factor > 0.0) || !std::isfinite(factor) || !std::isfinite(unit.scale) || !std::isfinite(unit.divisor))
    return fault(code("number-size"), 0, "is " + in_quotes(text), "the unit is too large or too small");
  return unit;
}

}  // namespace

std::variant<Unit, UnitFault> parse_unit(std::string_view text) {
  if (skip_space(text, 0) < text.size() && text[skip_space(text, 0)] == '$') {  // "$ / d"
    const std::size_t rest = skip_space(text, skip_space(text, 0) + 1);
    if (rest == text.size()) return Unit{1.0, 1.0, kMoney};
    auto unit = read_phrase(text, rest);
    if (auto* good = std::get_if<Unit>(&unit)) good->dimension = good->dimension + kMoney;
    return unit;
  }
  return read_phrase(text, 0);
}

bool is_unit_word(std::string_view word) {
  return word == "per" || word == "max" || word == "business" || measure(word).has_value();
}

std::variant<double, UnitFault> parse_number(std::string_view text) {
  const std::size_t begin = skip_space(text, 0);
  std::size_t at = begin, end = text.size();
  while (end > at && is_space(text[end - 1])) --end;
  text = text.substr(0, end);
  const bool negative = at < end && text[at] == '-';
  if (at < end && (text[at] == '-' || text[at] == '+')) ++at;
  const std::string word = lower(text.substr(at));
  if (word == "nan" || word == "inf" || word == "infinity")
    return fault(code("number-nan"), begin, "is " + in_quotes(text.substr(begin)), "a number must be finite");
  if (at < end && text[at] == '$')
    return fault(code("number-bad"), at, "is " + in_quotes(text), "a plain number is due");
  auto scanned = scan_number(text, at, false);
  if (const auto* bad = std::get_if<UnitFault>(&scanned)) return *bad;
  const NumberScan& scan = std::get<NumberScan>(scanned);
  if (scan.end != end)
    return fault(code("number-bad"), scan.end, "is " + in_quotes(text.substr(begin)), "text follows the number");
  if (negative && scan.value == 0.0)
    return fault(code("number-bad"), begin, "is " + in_quotes(text.substr(begin)), "zero has no sign", "Write \"0\".");
  return negative ? -scan.value : scan.value;
}

std::variant<Quantity, UnitFault> parse_quantity(std::string_view text) {
  std::size_t at = skip_space(text, 0);
  const std::size_t begin = at;
  const bool negative = at < text.size() && text[at] == '-';
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) at = skip_space(text, at + 1);
  const std::string word = lower(word_at(text, at));
  if (word == "nan" || word == "inf" || word == "infinity")
    return fault(code("number-nan"), begin, "is " + in_quotes(text.substr(begin)), "a number must be finite");
  auto scanned = scan_number(text, at, false);
  if (const auto* bad = std::get_if<UnitFault>(&scanned)) return *bad;
  const NumberScan& scan = std::get<NumberScan>(scanned);
  if (negative && scan.value == 0.0)
    return fault(code("number-bad"), begin, "is " + in_quotes(text.substr(begin)), "zero has no sign", "Write \"0\".");
  Unit unit;
  const bool has_tail = skip_space(text, scan.end) < text.size();
  if (has_tail) {
    auto phrase = read_phrase(text, scan.end);
    if (const auto* bad = std::get_if<UnitFault>(&phrase)) return *bad;
    unit = std::get<Unit>(phrase);
  }
  if (scan.is_money) unit.dimension = unit.dimension + kMoney;
  const double value = (negative ? -scan.value : scan.value) * unit.scale / unit.divisor;
  if (!std::isfinite(value))
    return fault(code("number-size"), begin, "is " + in_quotes(text.substr(begin)),
                 "this is more than a number can hold");
  return Quantity{value, unit.dimension, has_tail || scan.is_money};
}

std::string name_of(Dimension dimension) {
  if (dimension == kPlain) return "a plain number";
  if (dimension == kDuration) return "a length of time";
  if (dimension == kRate) return "a rate per time";
  if (dimension == kMoney) return "an amount of money";
  if (dimension == kMoneyPerTime) return "money per time";
  if (dimension == kBusinessDays) return "a number of business days";
  const std::string unit = unit_text(dimension);
  return "a quantity in " + unit;
}

std::string example_of(Dimension dimension) {
  if (dimension == kPlain) return "12";
  if (dimension == kDuration) return "14 d";
  if (dimension == kRate) return "7000 / y";
  if (dimension == kMoney) return "$1,250";
  if (dimension == kMoneyPerTime) return "$1,250 / d";
  if (dimension == kBusinessDays) return "10 business d";
  return shown(12.0, dimension);
}

std::string shown(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "infinity" : "-infinity";
  std::array<char, 40> buffer{};
  const double size = std::abs(value);
  const bool plain = size == 0.0 || (size >= 1e-5 && size < 1e15);
  const auto [end, error] =
      plain ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed)
            : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  return error == std::errc{} ? std::string(buffer.data(), end) : "a number";
}

std::string shown(double value, Dimension dimension) {
  if (dimension == kPlain) return shown(value);
  const std::string unit = unit_text(dimension);
  return shown(value) + ' ' + unit;
}

std::string shown_duration(double days) {
  constexpr auto units = std::to_array<std::pair<double, std::string_view>>(
      {{kDaysPerYear, " y"}, {1.0, " d"}, {1.0 / 24.0, " h"}, {1.0 / 1440.0, " min"}});
  const double size = std::abs(days);
  if (!std::isfinite(days)) return shown(days);
  for (const auto& [length, name] : units)
    if (size >= length) return three_digits(days / length) + std::string{name};
  return size == 0.0 ? "0 d" : three_digits(days * 86400.0) + " s";
}

}  // namespace tl
