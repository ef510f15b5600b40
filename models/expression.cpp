#include "models/expression.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/carrier_messages.hpp"
#include "models/problem.hpp"
#include "sim/expects.hpp"

namespace tl {

namespace {

consteval Code code(std::string_view text) {
  return Code::in(kCarrierMessages, text);
}

using Kind = ExpressionNode::Kind;

constexpr int kDeepest = 64;  // brackets and signs within each other; each costs the reader a few calls

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Recursive descent: sum = product {(+|-) product}; product = factor {(*|/|per) factor};
/// factor = (+|-) factor | literal | parameter | min(...) | max(...) | ( sum ).
/// The first fault stops it: everything returns false from then on.
class Parser {
 public:
  Parser(std::string_view text, const std::function<bool(std::string_view)>& is_parameter)
      : text_{text}, is_parameter_{is_parameter} {}

  std::variant<Expression, UnitFault> parse() {
    if (sum() && at_ < text_.size()) unexpected();
    if (fault_) return *fault_;
    return std::move(expression_);
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  char next() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  std::string_view word() const {
    std::size_t end = at_;
    if (end < text_.size() && is_letter(text_[end]))
      while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    return text_.substr(at_, end - at_);
  }
  bool fail(Code kind, std::size_t offset, std::string what, std::string why, std::string hint = "") {
    return fail({kind, offset, std::move(what), std::move(why), std::move(hint)});
  }
  bool fail(UnitFault fault) {
    if (!fault_) fault_ = std::move(fault);
    return false;
  }
  void push(Kind kind, std::size_t offset) { expression_.nodes.push_back({kind, offset, {}, {}}); }
  void push_literal(Quantity value, std::size_t offset) {
    expression_.nodes.push_back({Kind::literal, offset, value, {}});
  }

  bool unexpected() {
    if (at_ >= text_.size())
      return fail(code("formula-syntax"), at_, text_.empty() ? "is empty" : "ends too early",
                  "a number or a parameter is due");
    if (const std::string_view broken = spreadsheet_error(); !broken.empty())
      return fail(code("formula-syntax"), at_, "is " + in_quotes(broken),
                  "a spreadsheet writes this where its formula failed", "Mend the formula there, or clear the cell.");
    const std::string_view found = word();
    const Kind last = expression_.nodes.empty() ? Kind::add : expression_.nodes.back().kind;
    if (!found.empty() && last == Kind::literal) return fail(unknown_unit(found, at_));
    return fail(code("formula-syntax"), at_,
                "has " + in_quotes(found.empty() ? text_.substr(at_, 1) : found) + " where it does not fit",
                "a formula is numbers and parameters joined by + - * /, with min, max and ( )",
                last == Kind::parameter && !found.empty() ? "Remarks stand in the field `note`." : "");
  }

  std::string_view spreadsheet_error() const {
    for (const std::string_view broken : {"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})
      if (text_.substr(at_, broken.size()) == broken) return broken;
    return {};
  }

  bool sum() {
    if (!product()) return false;
    for (char sign = next(); sign == '+' || sign == '-'; sign = next()) {
      const std::size_t offset = at_++;
      if (!product()) return false;
      push(sign == '+' ? Kind::add : Kind::subtract, offset);
    }
    return true;
  }

  bool product() {
    if (!factor(false)) return false;
    for (;;) {
      const char sign = next();
      const std::size_t offset = at_;
      const bool per = word() == "per";
      if (sign != '*' && sign != '/' && !per) return true;
      at_ += per ? 3 : 1;
      if (!factor(sign != '*')) return false;
      push(sign == '*' ? Kind::multiply : Kind::divide, offset);
    }
  }

  bool factor(bool after_division) {
    if (++depth_ > kDeepest) return fail(code("formula-syntax"), at_, "is nested too deep", "64 levels can be read");
    const bool good = factor_within(after_division);
    --depth_;
    return good;
  }

  bool factor_within(bool after_division) {
    const char first = next();
    const std::size_t offset = at_;
    if (first == '+' || first == '-') {
      ++at_;
      if (!factor(false)) return false;
      return first == '+' || negate(offset);
    }
    if (first == '(') {
      ++at_;
      const bool outer = std::exchange(in_arguments_, false);
      if (!sum()) return false;
      in_arguments_ = outer;
      return close();
    }
    if (is_digit(first) || first == '.' || first == '$') return literal();
    if (is_letter(first)) return name(after_division);
    return unexpected();
  }

  bool negate(std::size_t offset) {
    const ExpressionNode& last = expression_.nodes.back();
    if (last.kind == Kind::literal && last.value.value == 0.0)
      return fail(code("number-bad"), offset, "is " + in_quotes(text_.substr(offset)), "zero has no sign",
                  "Write \"0\".");
    push(Kind::negate, offset);
    return true;
  }

  bool close() {
    if (next() != ')') {
      if (at_ < text_.size()) return unexpected();
      return fail(code("formula-syntax"), at_, "lacks a closing bracket", "every ( needs its )");
    }
    ++at_;
    return true;
  }

  bool literal() {
    const std::size_t offset = at_;
    const auto scanned = scan_number(text_, at_, in_arguments_);
    if (const auto* bad = std::get_if<UnitFault>(&scanned)) return fail(*bad);
    const NumberScan& scan = std::get<NumberScan>(scanned);
    at_ = scan.end;
    Quantity value{scan.value, scan.is_money ? kMoney : kPlain, scan.is_money};
    if (word() == "k") value.value *= 1000.0, ++at_;  // "5 per 100k adults": the k touches its number
    if (word_is_function_call()) return unexpected();
    if (const auto unit = scan_unit_words(text_, at_)) {
      at_ = unit->end;
      value = {value.value * unit->unit.scale / unit->unit.divisor, value.dimension + unit->unit.dimension, true};
    }
    if (!std::isfinite(value.value))
      return fail(code("number-size"), offset, "is " + in_quotes(text_.substr(offset, at_ - offset)),
                  "this is more than a number can hold");
    push_literal(value, offset);
    skip_space();
    if (!word().empty() && word() != "per") return fail(unknown_unit(word(), at_));
    return true;
  }

  bool word_is_function_call() {
    const std::size_t before = at_;
    skip_space();
    const std::string_view found = word();
    std::size_t after = at_ + found.size();
    while (after < text_.size() && text_[after] == ' ') ++after;
    const bool call = (found == "min" || found == "max") && after < text_.size() && text_[after] == '(';
    if (!call) at_ = before;
    return call;
  }

  bool name(bool after_division) {
    const std::size_t offset = at_;
    const std::string_view found = word();
    if (word_is_function_call()) return call(found == "min" ? Kind::minimum : Kind::maximum);
    if (is_not_finite(found))
      return fail(code("number-nan"), offset, "is " + in_quotes(found), "a number must be finite");
    if (after_division && !(is_parameter_ && is_parameter_(found))) {
      if (const auto unit = scan_unit_words(text_, at_)) {
        at_ = unit->end;
        push_literal({unit->unit.scale / unit->unit.divisor, unit->unit.dimension, true}, offset);
        return true;
      }
    }
    at_ += found.size();
    if (is_unit_word(found))
      return fail(code("formula-syntax"), offset, "has the unit " + in_quotes(found) + " without a number",
                  "a unit follows a number or a division", "Write " + in_quotes("1 " + std::string{found}) + ".");
    expression_.nodes.push_back({Kind::parameter, offset, {}, std::string{found}});
    return true;
  }

  bool is_not_finite(std::string_view found) const {
    if (is_parameter_ && is_parameter_(found)) return false;
    std::string lower{found};
    for (char& c : lower)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower == "nan" || lower == "inf" || lower == "infinity";
  }

  bool call(Kind kind) {
    const std::size_t offset = at_;
    at_ = text_.find('(', at_) + 1;
    const bool outer = std::exchange(in_arguments_, true);
    if (!sum()) return false;
    while (next() == ',') {
      ++at_;
      if (!sum()) return false;
      push(kind, offset);
    }
    in_arguments_ = outer;
    return close();
  }

  std::string_view text_;
  const std::function<bool(std::string_view)>& is_parameter_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool in_arguments_ = false;
  Expression expression_;
  std::optional<UnitFault> fault_;
};

UnitFault misfit(const ExpressionNode& node, Dimension a, Dimension b) {
  const char* what = node.kind == Kind::add ? "adds " : node.kind == Kind::subtract ? "subtracts " : "compares ";
  std::string hint;
  const Dimension due = a == kPlain ? b : a;
  if (a == kPlain || b == kPlain) hint = "Give the plain number a unit, as " + in_quotes(example_of(due)) + ".";
  return {code("formula-units"), node.offset, what + name_of(a) + " and " + name_of(b), "both must have one dimension",
          hint};
}

Quantity combined(Kind kind, const Quantity& a, const Quantity& b) {
  const bool unit = a.has_unit || b.has_unit;
  switch (kind) {
    case Kind::add:
      return {a.value + b.value, a.dimension, unit};
    case Kind::subtract:
      return {a.value - b.value, a.dimension, unit};
    case Kind::minimum:
      return {std::min(a.value, b.value), a.dimension, unit};
    case Kind::maximum:
      return {std::max(a.value, b.value), a.dimension, unit};
    case Kind::multiply:
      return {a.value * b.value, a.dimension + b.dimension, unit};
    default:
      return {a.value / b.value, a.dimension - b.dimension, unit};
  }
}

}  // namespace

bool Expression::has_parameters() const {
  return std::any_of(nodes.begin(), nodes.end(), [](const auto& node) { return node.kind == Kind::parameter; });
}

std::vector<std::string> Expression::parameters() const {
  std::vector<std::string> ids;
  for (const ExpressionNode& node : nodes)
    if (node.kind == Kind::parameter && std::find(ids.begin(), ids.end(), node.parameter) == ids.end())
      ids.push_back(node.parameter);
  return ids;
}

std::variant<Expression, UnitFault> parse_expression(std::string_view text,
                                                     const std::function<bool(std::string_view)>& is_parameter) {
  return Parser{text, is_parameter}.parse();
}

std::variant<Quantity, UnitFault> evaluate(const Expression& expression, const ParameterLookup& lookup) {
  TL_EXPECTS(!expression.nodes.empty());
  std::vector<Quantity> stack;
  for (const ExpressionNode& node : expression.nodes) {
    if (node.kind == Kind::literal) {
      stack.push_back(node.value);
      continue;
    }
    if (node.kind == Kind::parameter) {
      const std::optional<Quantity> value = lookup ? lookup(node.parameter) : std::nullopt;
      if (!value) return UnitFault{code("formula-unknown"), node.offset, {}, {}, {}};
      stack.push_back(*value);
      continue;
    }
    if (node.kind == Kind::negate) {
      stack.back().value = 0.0 - stack.back().value;  // 0 stays 0, never -0
      continue;
    }
    const Quantity b = stack.back();
    stack.pop_back();
    Quantity& a = stack.back();
    const bool scales = node.kind == Kind::multiply || node.kind == Kind::divide;
    if (!scales && !(a.dimension == b.dimension)) return misfit(node, a.dimension, b.dimension);
    if (node.kind == Kind::divide && b.value == 0.0)
      return UnitFault{code("formula-value"), node.offset, "divides by 0", "the result must be finite", {}};
    a = combined(node.kind, a, b);
    if (!std::isfinite(a.value))
      return UnitFault{
          code("formula-value"), node.offset, "is more than a number can hold", "the result must be finite", {}};
  }
  return stack.back();
}

}  // namespace tl
