#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "sim/groups.hpp"
#include "sim/simulation.hpp"
#include "tests/catch.hpp"
#include "tests/scenarios/random_model.hpp"

// Results by group (`by`): exact small cases, sums that add up, and groups that only change their names. In a checking
// build the engine itself asserts after every event that the groups' sums are the whole's.

using namespace tl;

namespace {

std::optional<Compiled> compiled_of(const std::string& text) {
  Problems problems;
  std::optional<Compiled> made;
  if (const auto model = read_model_text(text, "groups.toml", ReadOptions{}, problems))
    made = compile(*model, Limits{}, problems);
  for (const Problem& problem : problems.sorted())
    if (problem.severity == Severity::error) UNSCOPED_INFO(to_text(problem));
  if (problems.has_errors()) made.reset();
  return made;
}

ReplicationResult run(const Compiled& compiled, std::uint64_t seed = 1) {
  Simulation simulation{compiled.model};
  ReplicationResult result;
  simulation.run(seed, 0, nullptr, result);
  return result;
}

std::uint32_t setting_of(const Compiled& compiled, const std::string& id) {
  const auto& rows = compiled.words.settings;
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const SettingWords& row) { return row.id == id; });
  REQUIRE(found != rows.end());
  return static_cast<std::uint32_t>(found - rows.begin());
}
std::uint32_t group_of(const Compiled& compiled, const std::string& trait, const std::string& value) {
  const auto& rows = compiled.words.groups;
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const GroupWords& row) { return row.trait == trait && row.value == value; });
  REQUIRE(found != rows.end());
  return static_cast<std::uint32_t>(found - rows.begin());
}

/// Two beds; four clients whose stays and languages are known. The stage changes on entry to the second place.
constexpr const char* kKnown = R"(
[model]
horizon = "40 d"
every = "20 d"
by = ["lang", "stage"]
[traits.lang]
values = ["english", "spanish"]
[traits.stage]
values = ["new", "settled"]
[settings.ward]
capacity = 1
stay = "10 d"
next = "home"
queue = { standard = "5 d" }
[settings.home]
capacity = "unlimited"
stay = "8 d"
on_entry = "set stage = settled; count housed"
next = "leave:well"
[outcomes.housed]
[arrivals.english]
dates = ["0 d", "2 d"]
traits = "lang=english"
to = "ward"
[arrivals.spanish]
dates = ["1 d"]
traits = "lang=spanish"
to = "ward"
)";

}  // namespace

TEST_CASE("groups: a small case is counted as by hand") {
  const auto compiled = compiled_of(kKnown);
  REQUIRE(compiled);
  const ReplicationResult whole = run(*compiled);
  REQUIRE(whole.group_count == 4);
  const auto english = group_view(whole, group_of(*compiled, "lang", "english"));
  const auto spanish = group_view(whole, group_of(*compiled, "lang", "spanish"));
  const std::uint32_t ward = setting_of(*compiled, "ward"), home = setting_of(*compiled, "home");
  const auto over = [](const ReplicationResult& view, std::uint32_t setting, SettingSum which) {
    return view.sum(0, setting, which) + view.sum(1, setting, which);
  };
  // English: in the ward on days 0-10 and 20-30, waiting from day 2; Spanish: on days 10-20, waiting from day 1.
  CHECK(over(english, ward, SettingSum::admissions) == 2.0);
  CHECK(over(spanish, ward, SettingSum::admissions) == 1.0);
  CHECK(over(english, ward, SettingSum::census_days) == Approx(20.0));
  CHECK(over(spanish, ward, SettingSum::census_days) == Approx(10.0));
  CHECK(english.sum(0, ward, SettingSum::census_days) == Approx(10.0));
  CHECK(english.sum(0, ward, SettingSum::waiting_days) == Approx(18.0));
  CHECK(spanish.sum(0, ward, SettingSum::waiting_days) == Approx(9.0));
  CHECK(over(english, ward, SettingSum::wait_days) == Approx(18.0));
  CHECK(over(english, ward, SettingSum::waits_within_standard) == 1.0);
  CHECK(over(spanish, ward, SettingSum::waits_within_standard) == 0.0);
  CHECK(over(spanish, ward, SettingSum::stay_days) == Approx(10.0));
  CHECK(over(english, home, SettingSum::census_days) == Approx(16.0));
  CHECK(over(english, ward, SettingSum::capacity_days) == 0.0);
  CHECK(english.outcomes[0] + english.outcomes[1] == 2.0);
  CHECK(std::accumulate(spanish.reasons.begin(), spanish.reasons.end(), 0.0) == 1.0);
  CHECK(english.model[static_cast<std::size_t>(ModelSum::arrived)] == 2.0);
}

TEST_CASE("groups: time is split at the change of a trait, and what happens is counted with the value of the moment") {
  const auto compiled = compiled_of(kKnown);
  REQUIRE(compiled);
  const ReplicationResult whole = run(*compiled);
  const auto fresh = group_view(whole, group_of(*compiled, "stage", "new"));
  const auto settled = group_view(whole, group_of(*compiled, "stage", "settled"));
  const std::uint32_t ward = setting_of(*compiled, "ward"), home = setting_of(*compiled, "home");
  const auto over = [](const ReplicationResult& view, std::uint32_t setting, SettingSum which) {
    return view.sum(0, setting, which) + view.sum(1, setting, which);
  };
  CHECK(over(fresh, ward, SettingSum::census_days) == Approx(30.0));
  CHECK(over(settled, ward, SettingSum::census_days) == 0.0);
  // The change comes on entry: the admission is of the old value, the time there of the new one.
  CHECK(over(fresh, home, SettingSum::admissions) == 3.0);
  CHECK(over(fresh, home, SettingSum::census_days) == 0.0);
  CHECK(over(settled, home, SettingSum::census_days) == Approx(24.0));
  CHECK(over(settled, home, SettingSum::departures) == 3.0);
  const auto present = [&](const ReplicationResult& view, std::size_t period) {
    return view.model[period * kModelSums.size() + static_cast<std::size_t>(ModelSum::present_days)];
  };
  CHECK(present(fresh, 0) + present(fresh, 1) == Approx(30.0 + 18.0 + 9.0));
  CHECK(present(settled, 0) + present(settled, 1) == Approx(24.0));
}

namespace {

std::string with_by(std::string text) {
  const std::string head = "replications = 3\n";
  const std::size_t at = text.find(head);
  REQUIRE(at != std::string::npos);
  return text.insert(at + head.size(), "by = [\"acuity\", \"sud\"]\n");
}

void add(std::vector<double>& to, const std::vector<double>& more) {
  if (to.empty()) to.assign(more.size(), 0.0);
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += more[i];
}

/// For each trait the groups add up: counts exactly, times to within the rounding of doubles.
void check_sums(const Compiled& compiled, const ReplicationResult& whole) {
  for (const GroupTrait& trait : compiled.model.by) {
    std::vector<double> settings, model, events, reasons, outcomes, waits;
    for (std::uint32_t g = trait.first_group; g < trait.first_group + trait.value_count; ++g) {
      const ReplicationResult view = group_view(whole, g);
      add(settings, view.settings);
      add(model, view.model);
      add(events, view.events);
      add(reasons, view.reasons);
      add(outcomes, view.outcomes);
      add(waits, std::vector<double>(view.wait_lengths.begin(), view.wait_lengths.end()));
    }
    CHECK(events == whole.events);
    CHECK(reasons == whole.reasons);
    CHECK(outcomes == whole.outcomes);
    CHECK(std::equal(waits.begin(), waits.end(), whole.wait_lengths.begin()));
    double worst = 0.0;
    for (std::size_t row = 0; row < settings.size() / kSettingSums.size(); ++row)
      for (const SettingSum which : kGroupSums) {
        const std::size_t at = row * kSettingSums.size() + static_cast<std::size_t>(which);
        worst = std::max(worst, std::abs(settings[at] - whole.settings[at]) / (1.0 + std::abs(whole.settings[at])));
        if (kSettingSums[static_cast<std::size_t>(which)].unit.find("days") == std::string_view::npos)
          REQUIRE(settings[at] == whole.settings[at]);
      }
    for (std::size_t i = 0; i < model.size(); ++i)
      worst = std::max(worst, std::abs(model[i] - whole.model[i]) / (1.0 + std::abs(whole.model[i])));
    CHECK(worst < 1e-10);
  }
}

}  // namespace

TEST_CASE("groups: they add up to the whole in random models, whose numbers stay what they were") {
  int compared = 0;
  double waits = 0.0;
  for (std::uint64_t i = 0; i < 24; ++i) {
    const random_model::Recipe recipe{500 + i, static_cast<std::uint32_t>(2 + i % 12), random_model::kEverything};
    const std::string text = random_model::text(recipe);
    const auto plain = compiled_of(text), grouped = compiled_of(with_by(text));
    REQUIRE(plain.has_value() == grouped.has_value());
    if (!plain) continue;
    ReplicationResult without, with;
    try {
      without = run(*plain, i);
      with = run(*grouped, i);
    } catch (const ModelFault&) {
      continue;
    }
    ++compared;
    CHECK(without.settings == with.settings);
    CHECK(without.model == with.model);
    CHECK(without.events == with.events);
    CHECK(without.reasons == with.reasons);
    CHECK(without.outcomes == with.outcomes);
    CHECK(without.wait_lengths == with.wait_lengths);
    CHECK(without.stay_lengths == with.stay_lengths);
    CHECK(without.census_time == with.census_time);
    CHECK(without.engine_events == with.engine_events);
    check_sums(*grouped, with);
    for (const std::uint32_t count : with.wait_lengths) waits += count;
  }
  CHECK(compared >= 20);
  CHECK(waits > 1'000.0);
}

TEST_CASE("groups: values in another order are the same groups in another order") {
  const std::string text = kKnown;
  std::string turned = text;
  const std::string values = R"(["english", "spanish"])";
  turned.replace(turned.find(values), values.size(), R"(["spanish", "english"])");
  const auto one = compiled_of(text), other = compiled_of(turned);
  REQUIRE(one);
  REQUIRE(other);
  const ReplicationResult a = run(*one), b = run(*other);
  CHECK(a.settings == b.settings);
  for (const char* value : {"english", "spanish"}) {
    const auto left = group_view(a, group_of(*one, "lang", value));
    const auto right = group_view(b, group_of(*other, "lang", value));
    CHECK(left.settings == right.settings);
    CHECK(left.model == right.model);
    CHECK(left.wait_lengths == right.wait_lengths);
  }
  CHECK(group_view(a, 0).settings != group_view(b, 0).settings);
}

TEST_CASE("groups: populations count as values of a trait") {
  const auto compiled = compiled_of(R"(
[model]
horizon = "100 d"
every = "50 d"
by = ["population"]
[populations.young]
[populations.old]
[settings.home]
capacity = "unlimited"
stay = "5 d"
next = "leave:done"
[arrivals.a]
dates = ["1 d", "2 d"]
population = "old"
to = "home"
[arrivals.b]
dates = ["3 d"]
to = "home"
)");
  REQUIRE(compiled);
  const ReplicationResult whole = run(*compiled);
  const auto arrived = [&](const std::string& value) {
    return group_view(whole, group_of(*compiled, "population", value))
        .model[static_cast<std::size_t>(ModelSum::arrived)];
  };
  CHECK(arrived("young") == 0.0);
  CHECK(arrived("old") == 2.0);
  CHECK(arrived("none") == 1.0);
}
