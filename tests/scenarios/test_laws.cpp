#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <numeric>
#include <sstream>

#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "sim/simulation.hpp"
#include "tests/catch.hpp"
#include "tests/scenarios/random_model.hpp"

// Semantics 14 on models nobody thought of: reliability row 13. In a checking build the engine itself asserts the laws
// after every event; here, in every build, they are read off the results and off what a watcher sees.

using namespace tl;
using random_model::Recipe;

namespace tl::random_model {
void showValue(const Recipe& recipe, std::ostream& out) {
  out << "Recipe{.seed = " << recipe.seed << "U, .settings = " << recipe.settings << ", .features = 0x" << std::hex
      << recipe.features << std::dec << "}";
}
}  // namespace tl::random_model

namespace {

/// What went over all models of a test.
struct Counts {
  std::uint64_t models = 0, refused = 0, faults = 0, replications = 0;
  double events = 0.0;
};

std::optional<Compiled> compiled_of(const std::string& text, std::string& why) {
  Problems problems;
  std::optional<Compiled> made;
  if (const auto model = read_model_text(text, "random.toml", ReadOptions{}, problems))
    made = compile(*model, Limits{}, problems);
  if (problems.has_errors()) made.reset();
  if (!made)
    for (const Problem& problem : problems.sorted())
      if (problem.severity == Severity::error) why += to_text(problem) + '\n';
  return made;
}

/// Keeps its own account of who is where, from what it is told.
class Account : public Watcher {
 public:
  explicit Account(const CompiledModel& model) : model_{model} {}
  void entered(std::uint32_t number, const ClientKey&, SimTime at) override {
    tick(at);
    if (!present_.emplace(number, Person{at, at, SettingId{}}).second) wrong = "a client entered twice";
    if (at < model_.start) ++before_start;
  }
  void moved(std::uint32_t number, SettingId from, SettingId to, SimTime at) override {
    tick(at);
    const auto found = present_.find(number);
    if (found == present_.end()) {
      wrong = "someone who is not in the model moved";
      return;
    }
    if (found->second.place.exists() && found->second.place != from) wrong = "a client moved from where it was not";
    if (model_.settings[to.index()].kind == SettingKind::program) wrong = "a client moved into a program";
    found->second.place = to;
    found->second.placed = at;
  }
  void left(std::uint32_t number, ReasonId reason, SimTime at) override {
    tick(at);
    const auto found = present_.find(number);
    if (found == present_.end() || reason.index() >= model_.reason_count) {
      wrong = "someone who is not in the model left it";
      return;
    }
    count_presence(found->second.entered, at);
    present_.erase(found);
    if (at < model_.start) ++left_before_start;
  }
  void finish() {
    for (const auto& [number, person] : present_) count_presence(person.entered, model_.end);
  }

  std::string wrong;
  double before_start = 0.0, left_before_start = 0.0, days_present = 0.0;
  std::size_t still_here() const { return present_.size(); }

 private:
  struct Person {
    SimTime entered, placed;
    SettingId place;
  };
  void tick(SimTime at) {
    if (at < last_) wrong = "time ran back";
    last_ = at;
  }
  void count_presence(SimTime from, SimTime to) {
    const SimTime begin = std::max(from, model_.start);
    if (to > begin) days_present += (to - begin).days();
  }
  const CompiledModel& model_;
  std::map<std::uint32_t, Person> present_;
  SimTime last_;
};

bool near(double a, double b) {
  return std::abs(a - b) <= 1e-9 * (1.0 + std::max(std::abs(a), std::abs(b)));
}

void require(bool holds, const std::string& law) {
  if (!holds) throw std::runtime_error{"broken: " + law};
}

double over_periods(const ReplicationResult& result, std::size_t setting, SettingSum which) {
  double sum = 0.0;
  for (std::size_t p = 0; p < result.period_count; ++p) sum += result.sum(p, setting, which);
  return sum;
}

double of_model(const ReplicationResult& result, std::size_t period, ModelSum which) {
  return result.model[period * kModelSums.size() + static_cast<std::size_t>(which)];
}

void check_model_sums(const CompiledModel& model, const ReplicationResult& result, const Account& account) {
  const std::size_t last = result.period_count - 1;
  double arrived = 0.0, left = 0.0, present_days = 0.0, reasons = 0.0, in_places = 0.0;
  for (std::size_t p = 0; p < result.period_count; ++p) {
    arrived += of_model(result, p, ModelSum::arrived);
    left += of_model(result, p, ModelSum::left);
    present_days += of_model(result, p, ModelSum::present_days);
  }
  for (const double count : result.reasons) reasons += count;
  const bool warm = model.start > SimTime{};
  const double at_start = warm ? account.before_start - account.left_before_start : result.initial_clients;
  require(arrived + at_start == of_model(result, last, ModelSum::present_at_end) + left,
          "arrived + initial = present + left");
  require(static_cast<double>(account.still_here()) == of_model(result, last, ModelSum::present_at_end),
          "present as watched");
  require(reasons == left, "every leaver has a reason");
  for (std::size_t s = 0; s < result.setting_count; ++s)
    if (model.settings[s].kind != SettingKind::program) in_places += over_periods(result, s, SettingSum::census_days);
  require(near(in_places, present_days), "time in places = time in the model");
  require(near(present_days, account.days_present), "time in the model as watched");
  for (const std::vector<double>* sums : {&result.settings, &result.model, &result.events, &result.reasons,
                                          &result.outcomes, &result.observed_census, &result.observed_waiting})
    for (const double sum : *sums) require(std::isfinite(sum) && sum >= 0.0, "no sum is negative");
}

void check_setting(const CompiledModel& model, const ReplicationResult& result, std::size_t s) {
  const std::size_t last = result.period_count - 1;
  const auto sum = [&](SettingSum which) { return over_periods(result, s, which); };
  const bool from_nothing = model.start == SimTime{} && model.initial.empty();
  for (std::size_t p = from_nothing ? 0 : 1; p < result.period_count; ++p) {
    const double before = p == 0 ? 0.0 : result.sum(p - 1, s, SettingSum::census_at_end);
    require(result.sum(p, s, SettingSum::admissions) - result.sum(p, s, SettingSum::departures) ==
                result.sum(p, s, SettingSum::census_at_end) - before,
            "admissions - departures = change of census");
  }
  const double waits = sum(SettingSum::waits), wait_days = sum(SettingSum::wait_days);
  double longest = model.end.days();
  for (const InitialGroup& group : model.initial) longest = std::max(longest, (model.end + group.waited).days());
  require(wait_days <= waits * longest * (1 + 1e-12), "no wait is longer than the run");
  require(sum(SettingSum::waits_within_standard) <= waits, "those within the standard are among the admitted");
  require(sum(SettingSum::over_level_days) <= sum(SettingSum::boarding_days) * (1 + 1e-12),
          "over-level days are boarding days");
  require(sum(SettingSum::boarding_days) + sum(SettingSum::discharge_delay_days) <=
              sum(SettingSum::census_days) * (1 + 1e-12) + 1e-9,
          "boarding and delays are time in the setting");
  require(sum(SettingSum::returns) <= sum(SettingSum::admissions), "returns are admissions");
  const double length = (model.end - model.start).days();
  double time = 0.0, census = 0.0, waited = 0.0, stayed = 0.0;
  for (std::size_t b = 0; b < kCensusBins; ++b) {
    time += result.census_time[s * kCensusBins + b];
    census += result.census_time[s * kCensusBins + b] * static_cast<double>(b);
  }
  for (std::size_t b = 0; b < kLengthBuckets; ++b) {
    waited += result.wait_lengths[s * kLengthBuckets + b];
    stayed += result.stay_lengths[s * kLengthBuckets + b];
  }
  require(near(time, length), "time at each census is the whole time");
  if (result.census_width[s] == 1.0) require(near(census, sum(SettingSum::census_days)), "census over its histogram");
  require(waited == waits, "every wait is in the histogram");
  require(stayed == sum(SettingSum::departures), "every stay is in the histogram");
  if (!from_nothing) return;
  // Little's law, over a run that began empty: what is asked for is granted, ended or open; time in queue is theirs.
  const double ended = sum(SettingSum::refused) + sum(SettingSum::reneged) + sum(SettingSum::replaced) +
                       sum(SettingSum::dropped) + sum(SettingSum::lost) + sum(SettingSum::client_left);
  const double open = result.sum(last, s, SettingSum::waiting_at_end);
  require(sum(SettingSum::requests) <= waits + ended + open, "every request ended or is open");
  require(waits + open <= sum(SettingSum::requests), "no request is granted twice");
  require(wait_days <= sum(SettingSum::waiting_days) * (1 + 1e-12) + 1e-9, "time waited is time in the queue");
  if (ended == 0.0 && open == 0.0) require(near(wait_days, sum(SettingSum::waiting_days)), "Little's law of the queue");
  if (result.sum(last, s, SettingSum::census_at_end) == 0.0)
    require(near(sum(SettingSum::stay_days), sum(SettingSum::census_days)), "Little's law of the setting");
  require(sum(SettingSum::stay_days) <= sum(SettingSum::census_days) * (1 + 1e-12) + 1e-9,
          "stays are time in the setting");
}

/// Census over capacity only after a cut or an over-full start: seen here where neither can be.
void check_capacity(const CompiledModel& model, const ReplicationResult& result, std::size_t s) {
  const bool changes = std::any_of(model.patches.begin(), model.patches.end(), [&](const Patch& patch) {
    return patch.kind == PatchKind::capacity && patch.index == s;
  });
  if (changes || !model.initial.empty() || model.settings[s].capacity == kUnlimited) return;
  const auto most = static_cast<std::size_t>(model.settings[s].capacity);
  for (std::size_t b = most + 1; b < kCensusBins && result.census_width[s] == 1.0; ++b)
    require(result.census_time[s * kCensusBins + b] == 0.0, "never more clients than units");
}

/// Staff hours used never exceed hours on duty, nor those the hours paid; what is vacant is what is not employed.
void check_staff(const CompiledModel& model, const ReplicationResult& result) {
  require(result.staff.size() == result.period_count * model.staff.size() * kStaffSums.size(), "sums of all staff");
  for (std::size_t p = 0; p < result.period_count * model.staff.size(); ++p) {
    const auto sum = [&](StaffSum which) {
      return result.staff[p * kStaffSums.size() + static_cast<std::size_t>(which)];
    };
    const double slack = 1e-9 * (1.0 + sum(StaffSum::budgeted_days));
    require(near(sum(StaffSum::budgeted_days), sum(StaffSum::employed_days) + sum(StaffSum::vacant_days)),
            "budgeted posts are held or vacant");
    require(sum(StaffSum::used_days) <= sum(StaffSum::assigned_days) + slack, "hours used are hours on duty");
    const double paid = sum(StaffSum::employed_days) + sum(StaffSum::agency_days) + sum(StaffSum::overtime_days);
    require(sum(StaffSum::used_days) <= paid + slack, "hours used are hours paid");
    require(sum(StaffSum::agency_days) <= sum(StaffSum::vacant_days) + slack, "temporary people hold vacant posts");
    if (!model.staff[p % model.staff.size()].overtime.exists())
      require(sum(StaffSum::assigned_days) <= paid + slack, "hours on duty are hours paid");
  }
  for (std::size_t p = 0; p < result.period_count; ++p)
    for (std::size_t r = 0; r < model.staffing.size(); ++r) {
      const auto sum = [&](StaffingSum which) {
        return result
            .staffing[(p * model.staffing.size() + r) * kStaffingSums.size() + static_cast<std::size_t>(which)];
      };
      const double slack = 1e-9 * (1.0 + sum(StaffingSum::physical_days));
      require(sum(StaffingSum::carried_days) <= sum(StaffingSum::physical_days) + slack, "usable is part of physical");
      const double usable = result.sum(p, model.staffing[r].setting.index(), SettingSum::capacity_days);
      require(usable <= sum(StaffingSum::carried_days) + slack, "no more is usable than these staff can carry");
      require(sum(StaffingSum::lost_days) <= sum(StaffingSum::physical_days) - usable + slack,
              "units lost are not usable");
    }
}

/// What was spent of a budget is what its cost items came to.
void check_budgets(const CompiledModel& model, const ReplicationResult& result) {
  require(result.budgets.size() == result.period_count * model.budgets.rules.size() * kBudgetSums.size(),
          "sums of all budgets");
  SimTime before = model.start;
  for (std::size_t p = 0; p < result.period_count; ++p) {
    const double days = (model.period_ends[p] - before).days();
    before = model.period_ends[p];
    for (std::size_t b = 0; b < model.budgets.rules.size(); ++b) {
      const auto sum = [&](BudgetSum which) {
        return result
            .budgets[(p * model.budgets.rules.size() + b) * kBudgetSums.size() + static_cast<std::size_t>(which)];
      };
      const BudgetRule& rule = model.budgets.rules[b];
      double spent = 0.0;
      for (std::uint32_t i = rule.first_share; i < rule.first_share + rule.share_count; ++i)
        spent += model.budgets.shares[i].share * result.costs[p * result.cost_count + model.budgets.shares[i].item];
      require(near(sum(BudgetSum::spent), spent), "what was spent is what it cost");
      require(sum(BudgetSum::stopped_days) >= 0.0 && sum(BudgetSum::stopped_days) <= days + 1e-9, "spent for a part");
      require(sum(BudgetSum::asked) == 0.0 || sum(BudgetSum::stopped_days) > 0.0, "asked while it was spent");
    }
  }
}

bool same(const ReplicationResult& a, const ReplicationResult& b) {
  return a.settings == b.settings && a.model == b.model && a.events == b.events && a.reasons == b.reasons &&
         a.outcomes == b.outcomes && a.observed_census == b.observed_census &&
         a.observed_waiting == b.observed_waiting && a.wait_lengths == b.wait_lengths &&
         a.stay_lengths == b.stay_lengths && a.census_time == b.census_time && a.engine_events == b.engine_events &&
         a.peak_present == b.peak_present && a.staff == b.staff && a.staffing == b.staffing && a.budgets == b.budgets;
}

void check_model(const CompiledModel& model, std::uint64_t seed, Counts& counts) {
  Simulation simulation{model};
  ReplicationResult first, result;
  for (const std::uint64_t replication : {0U, 1U, 0U}) {
    Account account{model};
    simulation.watch(&account);
    simulation.run(seed, replication, nullptr, result);
    account.finish();
    require(account.wrong.empty(), account.wrong);
    check_model_sums(model, result, account);
    check_staff(model, result);
    check_budgets(model, result);
    for (std::size_t s = 0; s < result.setting_count; ++s) {
      check_setting(model, result, s);
      check_capacity(model, result, s);
    }
    counts.events += result.engine_events;
    ++counts.replications;
    if (counts.replications % 3 == 1) first = result;
  }
  require(same(first, result), "the same replication again gives the same");
}

rc::Gen<Recipe> recipes() {
  const auto word = [] { return rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()); };
  return rc::gen::map(
      rc::gen::tuple(rc::gen::noShrink(word()), rc::gen::inRange<std::uint32_t>(1, 21),
                     rc::gen::container<std::vector<std::uint32_t>>(14, rc::gen::inRange<std::uint32_t>(0, 4))),
      [](const std::tuple<std::uint64_t, std::uint32_t, std::vector<std::uint32_t>>& drawn) {
        Recipe recipe{std::get<0>(drawn), std::get<1>(drawn), 0};
        // each part of the language is in three models of four
        for (std::uint32_t f = 0; f < 14; ++f)
          if (std::get<2>(drawn)[f] != 0) recipe.features |= 1U << f;
        return recipe;
      });
}

Counts check_models(int how_many, std::uint64_t seed) {
  Counts counts;
  const auto property = [&] {
    const Recipe recipe = *recipes();
    ++counts.models;
    const std::string text = random_model::text(recipe);
    std::string why;
    const std::optional<Compiled> compiled = compiled_of(text, why);
    if (!compiled) {
      ++counts.refused;
      return;
    }
    try {
      check_model(compiled->model, recipe.seed, counts);
    } catch (const ModelFault& fault) {
      ++counts.faults;  // a model may be such that time does not pass; it must say so
      RC_ASSERT(std::string{fault.what()}.find("time does not pass") != std::string::npos);
      counts.replications = (counts.replications + 2) / 3 * 3;
    }
  };
  rc::detail::TestParams params;
  params.seed = seed;
  params.maxSuccess = how_many;
  const auto outcome =
      rc::detail::checkTestable(property, rc::detail::TestMetadata{"laws", "laws on random models"}, params);
  std::ostringstream told;
  rc::detail::printResultMessage(outcome, told);
  std::cout << "laws: " << counts.models << " random models, " << counts.refused << " refused, " << counts.faults
            << " stopped as faulty, " << counts.replications << " replications, "
            << static_cast<std::uint64_t>(counts.events) << " events\n";
  INFO(told.str());
  CHECK(outcome.is<rc::detail::SuccessResult>());
  return counts;
}

void check_shares(const Counts& counts) {
  CHECK(counts.refused * 5 < counts.models);
  CHECK(counts.faults * 20 < counts.models);
  CHECK(counts.events > 200.0 * static_cast<double>(counts.models));
}

}  // namespace

TEST_CASE("the laws hold on random models") {
  check_shares(check_models(50, 20'230'601));
}

TEST_CASE("the laws hold on many random models", "[nightly]") {
  check_shares(check_models(500, 20'230'602));
}

TEST_CASE("a stay that is drawn longer than time can hold has no end, and is not taken for a forgotten one") {
  std::string why;
  const auto made = compiled_of(
      "[model]\nname = \"long stays\"\nhorizon = \"60 d\"\n"
      "[settings.jail]\ncapacity = \"unlimited\"\nstay = { kind = \"lognormal\", mean = \"56 d\", median = \"5 d\" }\n"
      "[[routes]]\nfrom = \"jail\"\nto = \"leave:released\"\n"
      "[initial.there]\nplace = \"jail\"\ncount = 250\n",
      why);
  INFO(why);
  REQUIRE(made);
  // The four hundred years that no calendar of ours goes beyond are within what is met at a random moment.
  const CompiledModel& model = made->model;
  const auto jail = std::find_if(model.settings.begin(), model.settings.end(),
                                 [](const Setting& setting) { return setting.stay.exists(); });
  REQUIRE(jail != model.settings.end());
  const StateTable& stays = model.tables[jail->stay.index()];
  const Distribution& stay = model.distributions[model.cells[stays.first_cell]];
  REQUIRE(SimTime::from_days(residual_quantile(stay, model.distributions, model.distribution_tables, 0.999, 0.9)) ==
          SimTime::never());
  Simulation simulation{model};
  ReplicationResult result;
  for (std::uint64_t replication = 0; replication < 20; ++replication) {
    REQUIRE_NOTHROW(simulation.run(1, replication, nullptr, result));
    CHECK(result.initial_clients == 250.0);
    const std::size_t last = (result.period_count - 1) * kModelSums.size();
    double there = result.model[last + static_cast<std::size_t>(ModelSum::present_at_end)];
    for (const double left : result.reasons) there += left;
    CHECK(there == 250.0);
  }
}
