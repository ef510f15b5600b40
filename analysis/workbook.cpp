#include "analysis/workbook.hpp"

#include <algorithm>
#include <array>

#include "analysis/finding.hpp"
#include "analysis/workbook_parts.hpp"

namespace tl {
namespace {

using workbook::Listing;
using workbook::Making;

bool has(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// Of every page: what it is, and by what it can be found again.
std::string footer_of(const StudyResults& study) {
  constexpr std::size_t kDigits = 12;
  return "Digest " + study.scenarios.front().digest.substr(0, kDigits) + ", seed " + std::to_string(study.seed) + ", " +
         std::to_string(study.scenarios.front().numbers.size()) + " runs";
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kPlainTables{
    std::pair{"outcomes", "arrivals, departures, crises and what else is counted of the whole system"},
    std::pair{"waits", "who asks, waits, is refused or gives up, setting by setting"},
    std::pair{"census", "clients, use of capacity, stays and returns, setting by setting"},
    std::pair{"why", "for the longest queues: what those who wait are waiting for"}};

void add_plain_tables(Making& making, std::vector<Listing>& listing) {
  for (const auto& [table, about] : kPlainTables) {
    workbook::table_sheet(making, std::string{table});
    std::string sheet{table};
    sheet.front() = static_cast<char>(sheet.front() - 'a' + 'A');
    listing.push_back({sheet, std::string{about}});
  }
}

workbook::BlockCells add_staff(Making& making, const std::vector<std::string>& tables, std::vector<Listing>& listing) {
  if (!has(tables, "staff")) {
    listing.push_back({"Staff", "the model has no staff (docs/guide/staff.md says how to add some)", false});
    return {};
  }
  const workbook::BlockCells block = workbook::staff_by_role_sheet(making);
  workbook::table_sheet(making, "staff");
  listing.push_back({"Staff by role", "FTE in the budget, employed and needed, by role and department"});
  listing.push_back({"Staff", "all measures of staff, also setting by setting"});
  return block;
}

workbook::BlockCells add_money(Making& making, const std::vector<std::string>& tables, std::vector<Listing>& listing) {
  if (!has(tables, "money")) {
    listing.push_back({"Cost", "the model has no costs (docs/guide/money.md says how to add some)", false});
    return {};
  }
  const workbook::BlockCells block = workbook::cost_sheet(making, "department");
  workbook::cost_sheet(making, "payer");
  workbook::cost_by_department_and_payer_sheet(making);
  workbook::table_sheet(making, "money");
  listing.push_back({"Cost by department", "dollars over the whole time, with a total that adds up"});
  listing.push_back({"Cost by payer", "who pays"});
  listing.push_back({"Cost by dept and payer", "who pays for which department"});
  listing.push_back({"Money", "all measures of money, by setting, domain and item, and cost per outcome"});
  return block;
}

void add_rest(Making& making, const std::vector<std::string>& tables, std::vector<Listing>& listing) {
  if (has(tables, "policies")) {
    workbook::table_sheet(making, "policies");
    listing.push_back({"Policies", "how often and how long each rule was open"});
  } else {
    listing.push_back({"Policies", "the model has no rules that act on its state", false});
  }
  if (!making.study.scenarios.front().words.groups.empty()) {
    workbook::equity_sheet(making);
    listing.push_back({"Equity", "results by group, with gaps; small counts are left out"});
  } else {
    listing.push_back({"Equity", "results were not kept by group (`by` in the model names traits)", false});
  }
  workbook::scenarios_sheet(making);
  listing.push_back({"Scenarios", "what each scenario changes, and its digest"});
  workbook::assumptions_sheet(making);
  listing.push_back({"Assumptions", "every number of the model with its range, source and grade; weak ones first"});
  workbook::reading_sheet(making);
  listing.push_back({"Reading", "what the words mean"});
}

}  // namespace

Workbook make_workbook(const StudyResults& study, double confidence) {
  if (study.scenarios.empty()) throw QueryError{"the results hold no scenario"};
  const Catalogue& words = study.scenarios.front().words;
  xlsx::Book book{words.model_name.empty() ? study.study_name : words.model_name,
                  "Results of the study " + study.study_name, "throughline " + study.program_version};
  const TableShelf shelf{study, confidence, true, true};
  Making making{study, confidence, book, {}, footer_of(study), distinct_names(study), shelf};
  xlsx::Sheet& summary = book.add("Summary");
  xlsx::Sheet& charts = book.add("Charts");
  const std::vector<std::string> tables = result_tables_of(study);
  std::vector<Listing> listing{{"Charts", "who is there and waits over time; cost and staff, where there are any"}};
  add_plain_tables(making, listing);
  const workbook::CourseCells course = workbook::census_by_period_sheet(making);
  if (course.sheet.empty())
    listing.push_back({"Census by month", "the results were not kept by month, quarter or year", false});
  else
    listing.push_back({course.sheet, "clients there and waiting in each setting over time"});
  const workbook::BlockCells staff = add_staff(making, tables, listing);
  const workbook::BlockCells costs = add_money(making, tables, listing);
  add_rest(making, tables, listing);
  const workbook::KeyNumbers keys = workbook::key_numbers_sheet(making);
  listing.push_back({keys.sheet, "the numbers behind this summary"});
  workbook::fill_charts(making, charts, course, costs, staff);
  workbook::fill_summary(making, summary, keys, listing);
  return {book.bytes(), std::move(making.numbers)};
}

}  // namespace tl
