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
  archive.list("standard_days", terms.standard_days, "days", "a wait up to this meets the standard; 0 = none stated");
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
  archive.column("target", rows, &MetricWords::target, "unit of the measure", "target; NaN = none");
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
}

template <class Archive>
void describe_staffing(Archive archive, std::vector<StaffingWords>& rows) {
  archive.column("id", rows, &StaffingWords::id, "name in the model's files");
  archive.column("staff", rows, &StaffingWords::staff, "id of the staff pool");
  archive.column("setting", rows, &StaffingWords::setting, "id of the setting, or of the pool of units");
  archive.column("needs", rows, &StaffingWords::needs, "how many clients its staff can carry, in words");
  archive.column("relief", rows, &StaffingWords::relief, "FTE",
                 "that keep one post filled; 0 where there are no posts");
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
