#include <algorithm>
#include <cmath>

#include "models/read_context.hpp"

// Standards in business days, and the holidays that are none: `[calendar] holidays`, or the table `holidays`.
namespace tl::reading {
namespace {

constexpr double kMostBusinessDays = 10'000.0;

void add_holiday(Context& context, const Cell& cell, const std::string& field) {
  const auto text = read_text(context, cell, field);
  if (!text) return;
  if (const auto yearly = day_of_year(*text)) {
    context.model.yearly_holidays.push_back(*yearly);
    return;
  }
  bool is_date = false;
  if (const auto date = read_date(context, cell, field, is_date))
    context.model.holidays.push_back(days_from_civil(*date));
  else if (!is_date)
    context.error(cell.at, code("date-bad"), field, "there is no date " + in_quotes(*text),
                  "a holiday is a date, or a day of every year", "Write \"2026-01-01\", or \"12-25\" for every year.");
}

}  // namespace

std::optional<DayOfYear> day_of_year(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != '-' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const auto number = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  constexpr int kLeapYear = 2000;
  const DayOfYear made{number(0), number(3)};
  return is_valid({kLeapYear, made.month, made.day}) ? std::optional{made} : std::nullopt;
}

void read_holidays(Context& context) {
  if (const Cell* calendar = context.document.head().find("calendar"))
    if (const Cell* list = calendar->find("holidays")) {
      if (list->is_table())
        read_text(context, *list, "calendar.holidays");
      else
        for (const Cell& item : pieces_of(*list, '|')) add_holiday(context, item, "calendar.holidays");
    }
  const Table* table = context.table("holidays");
  if (table == nullptr) return;
  for (const Row& row : table->rows) {
    const RowView view{row, "holidays." + row.id};
    read_words(context, view, "name");
    if (const Cell* date = view.find("date"))
      add_holiday(context, *date, view.path("date"));
    else
      missing_field(context, view, "date", "a holiday is a day", "Write date = \"2026-01-01\", or \"12-25\".");
  }
}

StandardSpec read_standard(Context& context, const Cell& cell, const std::string& field) {
  StandardSpec made;
  Problems told_below;
  const auto quantity = read_quantity(cell, field, context.parameters, told_below);
  if (!quantity || quantity->dimension != kBusinessDays) {
    made.days = read_fixed(context, cell, field,
                           {.dimension = kDuration, .range = Range::above_to(0.0, context.limits.horizon_days)})
                    .value_or(0.0);
    return made;
  }
  const auto days =
      read_fixed(context, cell, field, {.dimension = kBusinessDays, .range = Range::between(1.0, kMostBusinessDays)});
  if (!days) return made;
  if (*days != std::floor(*days))
    context.error(cell.at, code("business-whole"), field, "is " + shown(*days) + " business days",
                  "business days are counted, not measured", "Write a whole number of them, or hours.");
  made.business_days = static_cast<std::uint32_t>(*days);
  return made;
}

}  // namespace tl::reading
