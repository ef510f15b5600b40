#include "models/dated_numbers.hpp"

#include <algorithm>
#include <cmath>

namespace tl {
namespace {

double between(const DatedValue& a, const DatedValue& b, double days) {
  return b.days > a.days ? a.value + (b.value - a.value) * (days - a.days) / (b.days - a.days) : b.value;
}

/// Dates within one repeat, ascending.
std::vector<DatedValue> folded(const VaryingNumber& number) {
  std::vector<DatedValue> dated = number.dated;
  for (DatedValue& one : dated) one.days -= std::floor(one.days / number.every_days) * number.every_days;
  std::stable_sort(dated.begin(), dated.end(),
                   [](const DatedValue& a, const DatedValue& b) { return a.days < b.days; });
  return dated;
}

double repeating(const VaryingNumber& number, double days) {
  const std::vector<DatedValue> dated = folded(number);
  double phase = days - std::floor(days / number.every_days) * number.every_days;
  if (phase > number.every_days - kDateSlack) phase = 0.0;
  auto next =
      std::find_if(dated.begin(), dated.end(), [&](const DatedValue& one) { return one.days > phase + kDateSlack; });
  DatedValue before = next == dated.begin() ? dated.back() : *(next - 1);
  if (!number.linear) return before.value;
  if (next == dated.begin()) before.days -= number.every_days;
  DatedValue after = next == dated.end() ? dated.front() : *next;
  if (next == dated.end()) after.days += number.every_days;
  return between(before, after, phase);
}

/// The first date after an instant.
std::vector<DatedValue>::const_iterator next_after(const std::vector<DatedValue>& dated, double days) {
  return std::find_if(dated.begin(), dated.end(), [&](const DatedValue& one) { return one.days > days + kDateSlack; });
}

}  // namespace

double value_at(const VaryingNumber& number, double days) {
  const std::vector<DatedValue>& dated = number.dated;
  if (dated.empty()) return number.base;
  if (number.every_days > 0.0) return repeating(number, days);
  const auto next = next_after(dated, days);
  if (next == dated.end()) return dated.back().value;
  if (next != dated.begin()) return number.linear ? between(*(next - 1), *next, days) : (next - 1)->value;
  if (next->days <= 0.0) return next->value;
  return number.linear && days > 0.0 ? between({0.0, number.base}, *next, days) : number.base;
}

double value_at(const Variation& variation, bool linear, double days) {
  const std::vector<DatedValue>& dated = variation.dated;
  if (dated.empty()) return variation.value ? *variation.value : variation.scale.value_or(1.0);
  const auto next = next_after(dated, days);
  if (next == dated.begin()) return next->value;
  if (next == dated.end()) return dated.back().value;
  return linear ? between(*(next - 1), *next, days) : (next - 1)->value;
}

double changes_between(const VaryingNumber& number, double first, double last) {
  const auto dates = static_cast<double>(number.dated.size());
  return number.every_days > 0.0 ? (last - first) / number.every_days * dates : dates;
}

std::vector<double> change_days(const VaryingNumber& number, double first, double last, double most, bool& too_many) {
  std::vector<double> days;
  const auto add = [&](double day) {
    if (day > first && day < last) days.push_back(day);
  };
  if (number.dated.empty()) return days;
  if (number.every_days <= 0.0) {
    if (number.linear && number.dated.front().days > 0.0) add(0.0);
    for (const DatedValue& one : number.dated) add(one.days);
    return days;
  }
  too_many = changes_between(number, first, last) > most;
  if (too_many) return days;
  const std::vector<DatedValue> dated = folded(number);
  for (double round = std::floor(first / number.every_days); round * number.every_days < last; round += 1.0)
    for (const DatedValue& one : dated) add(round * number.every_days + one.days);
  return days;
}

}  // namespace tl
