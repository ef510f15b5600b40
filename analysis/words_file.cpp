#include "analysis/words_file.hpp"

#include <string>

#include "analysis/store_error.hpp"

namespace tl {
namespace {

/// Both archives are driven by one description below, so what is written and what is read cannot drift apart.
class WordsWriter {
 public:
  explicit WordsWriter(hid_t group) : group_{group} {}

  void text(const std::string& name, std::string& value, const char* meaning) {
    h5::write_text(group_, name, value, {"", meaning, {}});
  }
  void list(const std::string& name, std::vector<std::string>& values, const char* meaning) {
    h5::write_texts(group_, name, values, {"", meaning, {}});
  }
  void list(const std::string& name, std::vector<double>& values, const char* unit, const char* meaning) {
    h5::write_list(group_, name, values, {unit, meaning, {}});
  }
  void number(const std::string& name, double& value, const char* meaning) {
    h5::write_list(group_, name, std::vector<double>{value}, {"1", meaning, {}});
  }
  template <class Row>
  void column(const std::string& name, std::vector<Row>& rows, std::string Row::*member, const char* meaning) {
    std::vector<std::string> values;
    for (const Row& row : rows) values.push_back(row.*member);
    list(name, values, meaning);
  }
  template <class Row>
  void column(const std::string& name, std::vector<Row>& rows, double Row::*member, const char* unit,
              const char* meaning) {
    std::vector<double> values;
    for (const Row& row : rows) values.push_back(row.*member);
    list(name, values, unit, meaning);
  }
  template <class Row, class Whole>
  void whole(const std::string& name, std::vector<Row>& rows, Whole Row::*member, const char* meaning) {
    std::vector<std::uint32_t> values;
    for (const Row& row : rows) values.push_back(static_cast<std::uint32_t>(row.*member));
    h5::write_list(group_, name, values, {"", meaning, {}});
  }
  void provenance(const std::string& name, std::vector<ParameterWords>& rows, std::string Provenance::*member,
                  const char* meaning) {
    std::vector<std::string> values;
    for (const ParameterWords& row : rows) values.push_back(row.provenance.*member);
    list(name, values, meaning);
  }
  /// Whether a group is to be written that stands only where there is something in it.
  template <class Row>
  bool has(const std::string&, const std::vector<Row>& rows) const {
    return !rows.empty();
  }
  WordsWriter inside(const std::string& name) { return WordsWriter{h5::create_group(group_, name)}; }

 private:
  explicit WordsWriter(h5::Handle own) : own_{std::move(own)}, group_{own_.id()} {}
  h5::Handle own_;
  hid_t group_;
};

class WordsReader {
 public:
  explicit WordsReader(hid_t group) : group_{group} {}

  void text(const std::string& name, std::string& value, const char*) { value = h5::read_text(group_, name); }
  void list(const std::string& name, std::vector<std::string>& values, const char*) {
    values = h5::read_texts(group_, name);
  }
  void list(const std::string& name, std::vector<double>& values, const char*, const char*) {
    values = h5::read_doubles(group_, name);
  }
  void number(const std::string& name, double& value, const char*) {
    const std::vector<double> values = h5::read_doubles(group_, name);
    if (values.size() != 1) throw StoreError{name + " is not one number"};
    value = values.front();
  }
  template <class Row>
  void column(const std::string& name, std::vector<Row>& rows, std::string Row::*member, const char*) {
    const std::vector<std::string> values = h5::read_texts(group_, name);
    fit(name, rows, values.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].*member = values[i];
  }
  template <class Row>
  void column(const std::string& name, std::vector<Row>& rows, double Row::*member, const char*, const char*) {
    const std::vector<double> values = h5::read_doubles(group_, name);
    fit(name, rows, values.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].*member = values[i];
  }
  template <class Row, class Whole>
  void whole(const std::string& name, std::vector<Row>& rows, Whole Row::*member, const char*) {
    const std::vector<std::uint32_t> values = h5::read_whole_numbers(group_, name);
    fit(name, rows, values.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].*member = static_cast<Whole>(values[i]);
  }
  void provenance(const std::string& name, std::vector<ParameterWords>& rows, std::string Provenance::*member,
                  const char*) {
    const std::vector<std::string> values = h5::read_texts(group_, name);
    fit(name, rows, values.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].provenance.*member = values[i];
  }
  template <class Row>
  bool has(const std::string& name, const std::vector<Row>&) const {
    return h5::has_group(group_, name);
  }
  WordsReader inside(const std::string& name) { return WordsReader{h5::open_group(group_, name)}; }

 private:
  explicit WordsReader(h5::Handle own) : own_{std::move(own)}, group_{own_.id()} {}
  template <class Row>
  static void fit(const std::string& name, std::vector<Row>& rows, std::size_t count) {
    if (rows.empty()) rows.resize(count);
    if (rows.size() != count) throw StoreError{"the column " + name + " is of another length than its neighbours"};
  }
  h5::Handle own_;
  hid_t group_;
};

template <class Archive>
void describe_settings(Archive archive, std::vector<SettingWords>& rows, SettingTerms& terms) {
  archive.column("id", rows, &SettingWords::id, "name in the model's files");
  archive.column("name", rows, &SettingWords::name, "name for people");
  archive.column("kind", rows, &SettingWords::kind,
                 "place, program, pool (units that settings share), or line (those waiting before a setting)");
  archive.column("department", rows, &SettingWords::department, "who runs it");
  archive.column("domain", rows, &SettingWords::domain, "part of the continuum of care");
  archive.column("line_of", rows, &SettingWords::line_of, "for a line: the setting before which it stands");
  archive.whole("level", rows, &SettingWords::level, "level of care, 0 (own home) to 6 (locked)");
  archive.column("capacity", rows, &SettingWords::capacity, "units",
                 "capacity at the start of results; infinity = unlimited");
  archive.list("standard_days", terms.standard_days, "days",
               "a wait up to this meets the standard (of business days: 7/5 of their number); 0 = none stated");
  archive.list("return_days", terms.return_days, "days",
               "an admission this soon after leaving is a return; 0 = not counted");
}

template <class Archive>
void describe_parameters(Archive archive, std::vector<ParameterWords>& rows) {
  archive.column("id", rows, &ParameterWords::id, "name in the model's files");
  archive.column("unit", rows, &ParameterWords::unit, "unit of value, low and high");
  archive.column("text", rows, &ParameterWords::text, "as the planner wrote it");
  archive.column("value", rows, &ParameterWords::value, "see unit", "the value used");
  archive.column("low", rows, &ParameterWords::low, "see unit", "low end of its range; NaN = not given");
  archive.column("high", rows, &ParameterWords::high, "see unit", "high end of its range; NaN = not given");
  archive.whole("used", rows, &ParameterWords::used, "1 where something in the model reads it");
  archive.provenance("source", rows, &Provenance::source, "where the number comes from");
  archive.provenance("kind", rows, &Provenance::kind, "sourced, recalled, assumption; empty = not said");
  archive.provenance("note", rows, &Provenance::note, "the planner's note");
}

template <class Archive>
void describe_metrics(Archive archive, std::vector<MetricWords>& rows) {
  archive.column("id", rows, &MetricWords::id, "name in the model's files");
  archive.column("measure", rows, &MetricWords::measure, "which measure");
  archive.column("scope", rows, &MetricWords::scope, "setting, department, domain, level or model");
  archive.column("subject", rows, &MetricWords::subject, "of which setting, department …");
  archive.column("good", rows, &MetricWords::good, "lower or higher is good; empty = neither");
  archive.column("words", rows, &MetricWords::words, "in plain words");
  archive.column("by", rows, &MetricWords::by, "traits by which it is told, joined by |; empty = those of the model");
  archive.column("target", rows, &MetricWords::target, "unit of the measure, a share where that is %",
                 "target; NaN = none");
}

template <class Archive>
void describe_staff(Archive archive, std::vector<StaffWords>& rows) {
  archive.column("id", rows, &StaffWords::id, "name in the model's files");
  archive.column("name", rows, &StaffWords::name, "name for people");
  archive.column("role", rows, &StaffWords::role, "what they are");
  archive.column("department", rows, &StaffWords::department, "who employs them");
  archive.column("fte", rows, &StaffWords::fte, "FTE", "in the budget at the start of results");
  archive.column("hours_per_week", rows, &StaffWords::hours_per_week, "hours", "paid hours of one FTE");
  archive.column("leave", rows, &StaffWords::leave, "1", "share of the paid hours away");
  archive.column("training", rows, &StaffWords::training, "1", "share of the paid hours in training");
  archive.column("overtime", rows, &StaffWords::overtime, "1", "share of hours that can be worked on top; NaN = none");
  archive.column("team_of", rows, &StaffWords::team_of, "posts", "that open together; NaN = no teams");
  archive.column("agency", rows, &StaffWords::agency, "FTE", "temporary people at most; NaN = none ever come");
}

template <class Archive>
void describe_staffing(Archive archive, std::vector<StaffingWords>& rows) {
  archive.column("id", rows, &StaffingWords::id, "name in the model's files");
  archive.column("staff", rows, &StaffingWords::staff, "id of the staff pool");
  archive.column("setting", rows, &StaffingWords::setting, "id of the setting, or of the pool of units");
  archive.column("needs", rows, &StaffingWords::needs, "how many clients its staff can carry, in words");
  archive.column("relief", rows, &StaffingWords::relief, "FTE",
                 "that keep one post filled; 0 where there are no posts");
  archive.column("limits", rows, &StaffingWords::limits, "1 or 0",
                 "1: units that the staff cannot carry stay empty; 0: it asks for people, and limits nothing");
}

template <class Archive>
void describe_ratios(Archive archive, std::vector<RatioWords>& rows) {
  std::vector<MetricWords> tops;
  for (const RatioWords& row : rows) tops.push_back(row.top);
  describe_metrics(archive.inside("top"), tops);
  rows.resize(tops.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].top = tops[i];
  archive.column("measure", rows, &RatioWords::measure, "measure by which it is divided");
  archive.column("scope", rows, &RatioWords::scope, "setting, department, event … of which that is taken");
  archive.column("subject", rows, &RatioWords::subject, "which setting, department, event …");
  archive.whole("averted", rows, &RatioWords::averted, "1: divided by how much less there is than elsewhere");
}

template <class Archive>
void describe_money(Archive archive, Catalogue& words) {
  archive.number("dollars_of", words.dollars_of, "the year whose dollars all amounts are; 0 = not said");
  archive.number("discount", words.discount, "rate a year by which later dollars count for less; 0 = none");
  archive.column("payer_ids", words.payers, &PayerWords::id, "payers: names in the model's files");
  archive.column("payer_names", words.payers, &PayerWords::name, "payers: names for people");
  auto costs = archive.inside("costs");
  costs.column("id", words.costs, &CostWords::id, "name in the model's files: dimension `cost_item`");
  costs.column("name", words.costs, &CostWords::name, "name for people");
  costs.column("kind", words.costs, &CostWords::kind, "cost, incentive, salary, overtime or agency");
  costs.column("per", words.costs, &CostWords::per, "what the amount is paid for");
  costs.column("setting", words.costs, &CostWords::setting, "which setting or pool causes it; empty = none");
  costs.column("department", words.costs, &CostWords::department, "whose cost it is");
  costs.column("domain", words.costs, &CostWords::domain, "that of the setting; empty = none");
  costs.column("metric", words.costs, &CostWords::metric, "of incentives that look at a metric: which");
  costs.column("every", words.costs, &CostWords::every, "how often those are decided");
  costs.column("target", words.costs, &CostWords::target, "unit of the metric", "what is to be reached; NaN = its own");
  costs.column("amount", words.costs, &CostWords::amount, "$", "of one unit of `per`, at the start of results");
  auto shares = archive.inside("shares");
  shares.whole("item", words.cost_shares, &CostShare::item, "row of costs");
  shares.whole("payer", words.cost_shares, &CostShare::payer, "row of payers");
  shares.column("share", words.cost_shares, &CostShare::share, "1", "what the payer bears; those of an item sum to 1");
}

template <class Archive>
void describe_policies(Archive archive, std::vector<PolicyWords>& rows) {
  archive.column("id", rows, &PolicyWords::id, "policies: dimension `policy`");
  archive.column("name", rows, &PolicyWords::name, "name for people");
  archive.column("about", rows, &PolicyWords::about, "what it is for");
  archive.column("rule", rows, &PolicyWords::rule, "when it opens and closes, in plain words");
  archive.column("measure", rows, &PolicyWords::measure, "what it looks at; empty where it only has a season");
  archive.column("unit", rows, &PolicyWords::unit, "unit of what it looks at");
  archive.column("opens", rows, &PolicyWords::opens, "see unit", "threshold of opening; NaN = none");
  archive.column("closes", rows, &PolicyWords::closes, "see unit", "threshold of closing; NaN = none");
  archive.column("changes", rows, &PolicyWords::changes, "what it changes while it is open");
}

template <class Archive>
void describe_budgets(Archive archive, std::vector<BudgetWords>& rows) {
  archive.column("id", rows, &BudgetWords::id, "budgets: dimension `budget`");
  archive.column("name", rows, &BudgetWords::name, "name for people");
  archive.column("every", rows, &BudgetWords::every, "how long its amount is for");
  archive.column("counts", rows, &BudgetWords::counts, "what counts against it: settings; departments; payers; costs");
  archive.column("stops", rows, &BudgetWords::stops, "what stops once it is spent");
  archive.column("amount", rows, &BudgetWords::amount, "$", "of a period, at the start of results");
}

template <class Archive>
void describe_groups(Archive archive, std::vector<GroupWords>& rows) {
  archive.column("trait", rows, &GroupWords::trait, "a trait of clients");
  archive.column("value", rows, &GroupWords::value, "its value: dimension `group`");
}

template <class Archive>
void describe(Archive& archive, Catalogue& words, SettingTerms& terms) {
  archive.text("model_name", words.model_name, "the model's name");
  archive.text("model_about", words.about, "what the model is for");
  archive.text("start_date", words.start_date, "civil date of time 0 of the results");
  describe_settings(archive.inside("setting_words"), words.settings, terms);
  describe_parameters(archive.inside("parameter_words"), words.parameters);
  describe_metrics(archive.inside("metric_words"), words.metrics);
  if (archive.has("staff_words", words.staff)) describe_staff(archive.inside("staff_words"), words.staff);
  if (archive.has("staffing_words", words.staffing))
    describe_staffing(archive.inside("staffing_words"), words.staffing);
  if (archive.has("policy_words", words.policies)) describe_policies(archive.inside("policy_words"), words.policies);
  if (archive.has("budget_words", words.budgets)) describe_budgets(archive.inside("budget_words"), words.budgets);
  if (archive.has("group_words", words.groups)) {
    describe_groups(archive.inside("group_words"), words.groups);
    archive.list("by", words.by, "traits by which the model's results are told");
  }
  archive.list("department_ids", words.departments, "departments: names in the model's files");
  archive.list("department_names", words.department_names, "departments: names for people");
  archive.list("domain_ids", words.domains, "domains");
  archive.list("reason_ids", words.reasons, "reasons for leaving the model: dimension `reason`");
  archive.list("outcome_ids", words.outcomes, "what actions count: dimension `outcome`");
  archive.list("event_ids", words.events, "events, timers behind them: dimension `event`");
  archive.list("milestone_ids", words.milestones, "milestones: dimension `milestone`");
  archive.list("period_names", words.period_names, "reporting periods: dimension `period`");
  archive.list("period_days", words.period_days, "days", "length of each reporting period");
  archive.list("instant_days", words.observe_days, "days",
               "observed instants since the start of results: dimension `instant`");
  double has_ratios = words.ratios.empty() ? 0.0 : 1.0;
  archive.number("has_ratios", has_ratios, "1 where metrics are ratios: they are in the group `ratio_words`");
  if (has_ratios == 1.0) describe_ratios(archive.inside("ratio_words"), words.ratios);
  double has_money = words.costs.empty() ? 0.0 : 1.0;
  archive.number("has_money", has_money, "1 where the model has costs: they are in the group `money`");
  if (has_money == 1.0) describe_money(archive.inside("money"), words);
  archive.number("population_scale", words.population_scale,
                 "part of the population that was run: sums and capacities here are of that part, raw");
  archive.list("check_findings", words.findings, "what the model's check warned of");
  auto links = archive.inside("links");
  links.whole("from", words.links, &Link::from, "row of setting_words");
  links.whole("to", words.links, &Link::to, "row of setting_words");
  links.column("per_day", words.links, &Link::per_day, "clients/day",
               "clients expected to move with unlimited capacity");
}

/// Numbers that stand for rows of other lists, and lists that go together: all that a table or a map looks up.
void check_words(const Catalogue& words, const SettingTerms& terms) {
  const auto same = [](const char* what, std::size_t count, std::size_t expected) {
    if (count != expected)
      throw StoreError{std::string{"the list "} + what + " is of another length than its neighbours"};
  };
  same("standard_days", terms.standard_days.size(), words.settings.size());
  same("return_days", terms.return_days.size(), words.settings.size());
  same("department_names", words.department_names.size(), words.departments.size());
  same("period_days", words.period_days.size(), words.period_names.size());
  for (const CostShare& share : words.cost_shares)
    if (share.item >= words.costs.size() || share.payer >= words.payers.size())
      throw StoreError{"a share is of a cost or payer that is not there"};
  for (const Link& link : words.links)
    if (link.from >= words.settings.size() || link.to >= words.settings.size())
      throw StoreError{"a link goes to a setting that is not there"};
}

}  // namespace

void write_words(hid_t group, const Catalogue& words, const SettingTerms& terms) {
  WordsWriter archive{group};
  Catalogue copy = words;  // the description serves reading too, and so takes what it could change
  SettingTerms terms_copy = terms;
  describe(archive, copy, terms_copy);
}

Catalogue read_words(hid_t group, SettingTerms& terms) {
  WordsReader archive{group};
  Catalogue words;
  describe(archive, words, terms);
  check_words(words, terms);
  return words;
}

}  // namespace tl
