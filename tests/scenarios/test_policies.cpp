#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "models/read_model.hpp"
#include "models/table_reader.hpp"
#include "tests/catch.hpp"
#include "tests/scenarios/example.hpp"
#include "tests/scenarios/random_model.hpp"

// Policies: when they open and close, known by hand; what they switch, against the same values written with dates.
namespace {

using namespace tl;
using namespace tl::testing;

Compiled compiled(const std::string& toml) {
  Problems problems;
  const auto model = read_model_text(toml, "model.toml", {}, problems);
  INFO(to_text(problems));
  REQUIRE(model);
  auto made = compile(*model, Limits{}, problems);
  INFO(to_text(problems));
  REQUIRE(made);
  return std::move(*made);
}

struct Switches : Watcher {
  std::vector<std::pair<double, bool>> seen;
  SimTime start;
  void switched(std::uint32_t policy, bool open, SimTime at) override {
    if (policy == 0) seen.emplace_back((at - start).days(), open);
  }
};
using Seen = std::vector<std::pair<double, bool>>;

struct Run {
  ReplicationResult result;
  Seen switches;
};
Run run(const Compiled& model, std::uint64_t replication = 0) {
  Simulation simulation{model.model};
  Switches switches;
  switches.start = model.model.start;
  simulation.watch(&switches);
  Run made;
  simulation.run(1, replication, nullptr, made.result);
  made.switches = switches.seen;
  ReplicationResult unwatched;  // plain moves are open to those who are not watched
  Simulation again{model.model};
  again.run(1, replication, nullptr, unwatched);
  CHECK(are_same({made.result}, {unwatched}));
  return made;
}
double policy_sum(const ReplicationResult& result, PolicySum which, std::uint32_t policy = 0) {
  double sum = 0.0;
  for (std::size_t p = 0; p < result.period_count; ++p)
    sum += result.policies[(p * result.policy_count + policy) * kPolicySums.size() + static_cast<std::size_t>(which)];
  return sum;
}
double total(const ReplicationResult& result, std::uint32_t setting, SettingSum which) {
  double sum = 0.0;
  for (std::uint32_t p = 0; p < result.period_count; ++p) sum += result.sum(p, setting, which);
  return sum;
}

/// One bed that is taken for good on day 0.5, and one client more a day who waits for it.
const std::string kQueue = R"(
[model]
start = "2025-01-01"
horizon = "20 d"
every = "5 d"
[settings.ward]
capacity = 1
stay = "1000 d"
next = "leave:done"
[arrivals.door]
dates = ["0.5 d", "1.5 d", "2.5 d", "3.5 d", "4.5 d", "5.5 d", "6.5 d", "7.5 d", "8.5 d", "9.5 d"]
to = "ward"
[policies.surge]
)";
const std::string kSurge = R"(
when = { measure = "waiting", settings = ["ward"], over = 3, for = "2 d" }
until = { under = 1, for = "1 d" }
lead_time = "1.5 d"
closing_time = "12 h"
changes = [ { path = "settings.ward.capacity", add = 10 } ]
)";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

// k - 1 wait at the review of day k. More than 3 on days 5, 6 and 7: decided on day 7, open 1.5 days later, when the
// eight who wait or come are admitted. Nobody waits on days 9 and 10: decided on day 10, closed half a day later.
TEST_CASE("a policy opens and closes at the instants worked out by hand") {
  const Run made = run(compiled(kQueue + kSurge));
  CHECK(made.switches == Seen{{8.5, true}, {10.5, false}});
  const ReplicationResult& r = made.result;
  CHECK(policy_sum(r, PolicySum::openings) == 1.0);
  CHECK(policy_sum(r, PolicySum::closings) == 1.0);
  CHECK(policy_sum(r, PolicySum::open_days) == 2.0);
  CHECK(policy_sum(r, PolicySum::lead_days) == 1.5);
  CHECK(policy_sum(r, PolicySum::reviews) == 20.0);
  CHECK(policy_sum(r, PolicySum::measured) == 28.0);
  CHECK(total(r, 1, SettingSum::capacity_days) == 20.0 + 2.0 * 10.0);
  CHECK(total(r, 1, SettingSum::admissions) == 10.0);
  // by period of 5 days: open at the end of the second one
  const auto in_period = [&](std::size_t period, PolicySum which) {
    return r.policies[period * kPolicySums.size() + static_cast<std::size_t>(which)];
  };
  CHECK(in_period(1, PolicySum::open_days) == 1.5);
  CHECK(in_period(1, PolicySum::open_at_end) == 1.0);
  CHECK(in_period(2, PolicySum::open_days) == 0.5);
  CHECK(in_period(2, PolicySum::open_at_end) == 0.0);
  CHECK(in_period(1, PolicySum::measured) == 4.0 + 5.0 + 6.0 + 7.0);
}

TEST_CASE("a condition that breaks off begins anew, and one without a length acts at once") {
  // without `for`: over 3 on day 5, decided and open then; nobody waits on day 6, so closed then; and once
  // more for those who come from 6.5 to 9.5
  const std::string at_once =
      with(with(with(with(kSurge, ", for = \"2 d\"", ""), ", for = \"1 d\"", ""), "lead_time = \"1.5 d\"\n", ""),
           "closing_time = \"12 h\"\n", "");
  CHECK(run(compiled(kQueue + at_once)).switches == Seen{{5.0, true}, {6.0, false}, {10.0, true}, {11.0, false}});
  // four wait at the review of day 3, and have given up by that of day 4
  const std::string broken =
      with(with(kQueue, R"("1.5 d", "2.5 d", "3.5 d", "4.5 d", "5.5 d", "6.5 d", "7.5 d", "8.5 d", "9.5 d")",
                R"("2.5 d", "2.6 d", "2.7 d", "2.8 d")"),
           "next = \"leave:done\"", "next = \"leave:done\"\nqueue.patience = \"1 d\"");
  CHECK(run(compiled(broken + kSurge)).switches.empty());
}

TEST_CASE("reviews lie on the start of results, and what happens between them is not seen") {
  const std::string every_other = with(kSurge, "until", "review = \"2 d\"\nuntil");
  // over 3 on days 6 and 8: two days in a row; open on day 9.5; nobody waits on days 10 and 12
  CHECK(run(compiled(kQueue + every_other)).switches == Seen{{9.5, true}, {12.5, false}});
  const std::string warmed = with(kQueue, "every = \"5 d\"", "every = \"5 d\"\nwarmup = \"3 d\"");
  CHECK(run(compiled(warmed + every_other)).switches == Seen{{9.5, true}, {12.5, false}});
}

TEST_CASE("who has waited for just the length has not waited longer") {
  const std::string long_waits =
      with(with(with(kSurge, "over = 3", "waited_over = \"3 d\", over = 0"), ", for = \"2 d\"", ""),
           "lead_time = \"1.5 d\"\n", "");
  const std::string on_the_hour = with(kQueue, "\"1.5 d\"", "\"1 d\"");
  CHECK(run(compiled(on_the_hour + long_waits)).switches.front() == std::pair{5.0, true});
  const std::string earlier = with(kQueue, "\"1.5 d\"", "\"0.9 d\"");
  CHECK(run(compiled(earlier + long_waits)).switches.front() == std::pair{4.0, true});
}

TEST_CASE("a policy may look at clients, occupancy, free units and boarding") {
  const auto opened = [&](const std::string& when, const std::string& until) {
    const std::string text = "when = { settings = [\"ward\"], " + when + " }\nuntil = { " + until +
                             " }\nchanges = [ { path = \"settings.ward.capacity\", add = 10 } ]\n";
    return run(compiled(with(kQueue, "capacity = 1\n", "capacity = 4\n") + text)).switches;
  };
  // one client more a day from 0.5 on: 4 of 4 beds on day 4; then 10 beds more
  CHECK(opened(R"(measure = "census", over = 2)", "under = 1") == Seen{{3.0, true}});
  CHECK(opened(R"(measure = "occupancy", over = "80%")", R"(under = "10%")") == Seen{{4.0, true}});
  CHECK(opened(R"(measure = "free", under = 2)", "over = 100") == Seen{{3.0, true}});
  const std::string boards =
      with(with(kQueue, "capacity = 1\n", "capacity = 20\n"), "stay = \"1000 d\"\nnext = \"leave:done\"",
           "stay = \"1 d\"\nnext = \"home\"\n[settings.home]\ncapacity = 0\nstay = \"1000 d\"\nnext = \"leave:done\"");
  const std::string policy =
      "when = { settings = [\"ward\"], measure = \"boarding\", over = 2 }\nuntil = \"never\"\n"
      "changes = [ { path = \"settings.home.capacity\", set = 1 } ]\n";
  CHECK(run(compiled(boards + policy)).switches == Seen{{4.0, true}});
}

TEST_CASE("a season goes by days of the year, over New Year and leap days") {
  const std::string text = R"(
[model]
start = "2023-11-01"
horizon = "900 d"
warmup = "400 d"
[settings.ward]
capacity = 1
stay = "10 d"
next = "leave:done"
[arrivals.door]
rate = "0.05 / d"
to = "ward"
[policies.winter]
season = { from = "11-15", to = "03-31" }
changes = [ { path = "settings.ward.capacity", add = 10 } ]
)";
  // 2022-11-15 is 351 days before the start, 2023-04-01 is 214; 2024 has a 29th of February
  CHECK(run(compiled(text)).switches == Seen{{-351.0, true},
                                             {-214.0, false},
                                             {14.0, true},
                                             {152.0, false},
                                             {380.0, true},
                                             {517.0, false},
                                             {745.0, true},
                                             {882.0, false}});
  const std::string leap = with(text, R"(from = "11-15", to = "03-31")", R"(from = "02-29", to = "02-29")");
  CHECK(run(compiled(leap)).switches == Seen{{-246.0, true},
                                             {-245.0, false},
                                             {120.0, true},
                                             {121.0, false},
                                             {485.0, true},
                                             {486.0, false},
                                             {850.0, true},
                                             {851.0, false}});
  const std::string at_start = with(text, R"(from = "11-15")", R"(from = "09-20")");
  CHECK(run(compiled(at_start)).switches.front() == std::pair{-400.0, true});
}

// Open from the start of the second of three equal pieces of time to its end: the same as values with those dates.
TEST_CASE("what a policy switches is what the same values with dates give, to the last bit") {
  const std::string model = R"(
[model]
start = "2025-01-01"
horizon = "90 d"
every = "month"
[traits.smi]
values = ["no", "yes"]
[populations.all]
[[mix]]
population = "all"
trait = "smi"
value = "yes"
share = 0.4
[departments.a]
[departments.b]
[settings.ward]
department = "a"
capacity = CAPACITY
stay = { kind = "exponential", mean = { base = MEAN, vary = [ { when = "smi = yes", scale = 1.5 } ]DATES } }
queue.patience = PATIENCE
queue.limit = LIMIT
turnaround = TURN
[settings.home]
department = "b"
capacity = 3
stay = { kind = "exponential", mean = "3 d" }
next = "leave:done"
[[routes]]
from = "ward"
to = "home"
share = SHARE
[[routes]]
from = "ward"
to = "leave:done"
share = "otherwise"
[[handoffs]]
between = "across"
delay = DELAY
lost = LOST
[events.crisis]
rate = RATE
when = "place = ward"
to = "leave:crisis"
[arrivals.door]
rate = "2 / d"
population = "all"
to = "ward"
)";
  struct Value {
    std::string word, path, before, after, change;
    bool is_length = false;
  };
  const std::vector<Value> values{
      {"CAPACITY", "settings.ward.capacity", "8", "5", "set = 5"},
      {"MEAN", "settings.ward.stay.mean", "\"4 d\"", "\"2 d\"", "scale = 0.5"},
      {"PATIENCE", "settings.ward.queue.patience.value", "\"3 d\"", "\"1 d\"", "set = \"1 d\"", true},
      {"LIMIT", "settings.ward.queue.limit", "6", "2", "add = -4"},
      {"TURN", "settings.ward.turnaround.value", "\"6 h\"", "\"12 h\"", "scale = 2", true},
      {"SHARE", "routes.ward>home.share", "0.2", "0.7", "set = 0.7"},
      {"DELAY", "handoffs.handoffs#1.delay.value", "\"1 d\"", "\"2 d\"", "add = \"1 d\"", true},
      {"LOST", "handoffs.handoffs#1.lost", "0", "0.3", "set = 0.3"},
      {"RATE", "events.crisis.rate", "\"0.01 / d\"", "\"0.2 / d\"", "scale = 20"}};
  const auto filled = [&](std::size_t changed, bool dated) {
    std::string text = model;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Value& one = values[i];
      const std::string dates = dated && i == changed ? ", dated = [ { at = \"31 d\", value = " + one.after +
                                                            " }, { at = \"59 d\", value = " + one.before + " } ]"
                                                      : "";
      const bool has_own_table = one.word == "MEAN";
      if (has_own_table) text = with(text, "DATES", dates);
      const std::string number = dates.empty() || has_own_table ? one.before : "{ base = " + one.before + dates + " }";
      text = with(text, one.word, one.is_length ? "{ kind = \"constant\", value = " + number + " }" : number);
    }
    if (dated) return text;
    return text + "[policies.winter]\nseason = { from = \"02-01\", to = \"02-28\" }\nchanges = [ { path = \"" +
           values[changed].path + "\", " + values[changed].change + " } ]\n";
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    INFO(values[i].path);
    const Compiled policy = compiled(filled(i, false)), dates = compiled(filled(i, true));
    REQUIRE(policy.model.policies.rules.size() == 1);
    for (std::uint64_t replication = 0; replication < 3; ++replication) {
      Run with_policy = run(policy, replication), with_dates = run(dates, replication);
      CHECK(with_policy.switches == Seen{{31.0, true}, {59.0, false}});
      // an event's dated rate is integrated as a whole, so that its instants may differ by a microsecond
      if (values[i].word != "RATE") CHECK(with_policy.result.settings == with_dates.result.settings);
      CHECK(with_policy.result.events == with_dates.result.events);
      CHECK(with_policy.result.reasons == with_dates.result.reasons);
      CHECK(with_policy.result.wait_lengths == with_dates.result.wait_lengths);
    }
  }
}

TEST_CASE("arrivals scaled by a policy are the same clients, fewer or more of them") {
  const std::string text = R"(
[model]
start = "2025-01-01"
horizon = "120 d"
[settings.ward]
capacity = "unlimited"
stay = { kind = "exponential", mean = "4 d" }
next = "leave:done"
[arrivals.door]
rate = "5 / d"
to = "ward"
)";
  const auto policy = [&](const std::string& scale) {
    return text +
           "[policies.gate]\nseason = { from = \"02-01\", to = \"02-28\" }\nchanges = [ { path = "
           "\"arrivals.door.rate\", scale = " +
           scale + " } ]\n";
  };
  const auto arrived = [](const ReplicationResult& r, std::size_t period) {
    return r.model[period * kModelSums.size()];
  };
  const Run plain = run(compiled(text)), shut = run(compiled(policy("0"))), doubled = run(compiled(policy("2"))),
            same = run(compiled(policy("1.0000001")));
  for (const std::size_t month : {0U, 2U, 3U}) {
    CHECK(arrived(shut.result, month) == arrived(plain.result, month));
    CHECK(arrived(doubled.result, month) == arrived(plain.result, month));
  }
  CHECK(arrived(shut.result, 1) == 0.0);
  CHECK(arrived(same.result, 1) == arrived(plain.result, 1));
  // 28 days at 5 a day more: within 5 standard deviations of 140
  CHECK(std::abs(arrived(doubled.result, 1) - arrived(plain.result, 1) - 140.0) < 5.0 * std::sqrt(140.0));
}

TEST_CASE("a policy that is off, or never opens, leaves the model as it is") {
  const std::string none = kQueue.substr(0, kQueue.find("[policies"));
  const ReplicationResult without = run(compiled(none)).result;
  const ReplicationResult off = run(compiled(kQueue + "on = \"no\"\n" + kSurge)).result;
  CHECK(off.policy_count == 0);
  CHECK(are_same({off}, {without}));
  const ReplicationResult never = run(compiled(kQueue + with(kSurge, "over = 3", "over = 300"))).result;
  CHECK(never.settings == without.settings);
}

TEST_CASE("several policies add to one capacity, each its own part") {
  const std::string second = R"(
[policies.more]
season = { from = "01-08", to = "01-12" }
changes = [ { path = "settings.ward.capacity", add = 3 } ]
)";
  // 1 bed; 3 more on days 7 to 12, 10 more from 8.5 to 10.5 unless those 3 leave too few waiting: day 7 has 6 waiting
  const Run made = run(compiled(kQueue + kSurge + second));
  CHECK(made.switches == Seen{{8.5, true}, {10.5, false}});
  CHECK(total(made.result, 1, SettingSum::capacity_days) == 20.0 + 2.0 * 10.0 + 5.0 * 3.0);
}

TEST_CASE("scenarios switch policies, change their numbers, and what they add through parameters") {
  Problems problems;
  const std::string text = kQueue + with(kSurge, "add = 10", "add = \"beds\"") + "[parameters.beds]\nvalue = 10\n";
  const Document document = read_toml_text(text, "model.toml", Limits{}, problems);
  const auto under = [&](const std::string& path, const std::string& value) {
    Change change;
    change.path = path;
    change.value.text = value;
    const auto model = build_model(document, std::vector<Change>{change}, {}, problems);
    INFO(to_text(problems));
    REQUIRE(model);
    const auto made = compile(*model, Limits{}, problems);
    REQUIRE(made);
    return run(*made);
  };
  CHECK(under("policies.surge.on", "no").switches.empty());
  CHECK(under("policies.surge.when.over", "1").switches.front().first == 6.5);  // over 1 on days 3, 4 and 5
  CHECK(under("policies.surge.lead_time", "3 d").switches.front().first == 10.0);
  // room for two of the eight: the others never come in, so it stays open
  const Run few = under("parameters.beds", "2");
  CHECK(few.switches == Seen{{8.5, true}});
  CHECK(total(few.result, 1, SettingSum::admissions) == 3.0);
}

namespace {

const std::string kGrowing = R"(
[model]
start = "2025-01-01"
horizon = "100 d"
every = "100 d"
[settings.ward]
capacity = { base = 10, dated = [ { at = "20 d", value = 15 }, { at = "40 d", value = 12 } ] }
stay = "1 d"
next = "leave:done"
time_to_start = "30 d"
[arrivals.door]
rate = "1 / d"
to = "ward"
)";

}  // namespace

// 5 more on day 20 would start on day 50; on day 40 three of them are given up before they do.
TEST_CASE("an increase of capacity takes its time to start, a cut gives up what has not started") {
  CHECK(total(run(compiled(kGrowing)).result, 1, SettingSum::capacity_days) == 10.0 * 50.0 + 12.0 * 50.0);
  const std::string at_once = with(kGrowing, "time_to_start = \"30 d\"\n", "");
  CHECK(total(run(compiled(at_once)).result, 1, SettingSum::capacity_days) == 200.0 + 15.0 * 20.0 + 12.0 * 60.0);
  const std::string below = with(kGrowing, "value = 12", "value = 7");
  CHECK(total(run(compiled(below)).result, 1, SettingSum::capacity_days) == 10.0 * 40.0 + 7.0 * 60.0);
}

// Decided on day 0 with 5 days of lead, started 30 days after that; the season ends on day 58.
TEST_CASE("beds of a policy take their time to start as well") {
  const std::string text =
      with(kGrowing, R"({ base = 10, dated = [ { at = "20 d", value = 15 }, { at = "40 d", value = 12 } ] })", "10") +
      R"(
[policies.surge]
when = { measure = "census", settings = ["ward"], under = 1000 }
until = "never"
lead_time = "5 d"
season = { from = "01-01", to = "02-27" }
changes = [ { path = "settings.ward.capacity", add = 4 } ]
)";
  const Run made = run(compiled(text));
  CHECK(made.switches == Seen{{5.0, true}, {58.0, false}});
  CHECK(total(made.result, 1, SettingSum::capacity_days) == 1000.0 + (58.0 - 35.0) * 4.0);
}

TEST_CASE("a drawn time to start is one for each increase and replication, whatever other increases there are") {
  const std::string drawn =
      with(kGrowing, "time_to_start = \"30 d\"", "time_to_start = { kind = \"exponential\", mean = \"20 d\" }");
  const std::string one =
      with(drawn, R"({ at = "20 d", value = 15 }, { at = "40 d", value = 12 })", R"({ at = "20 d", value = 15 })");
  const std::string two = with(drawn, R"({ at = "20 d", value = 15 }, { at = "40 d", value = 12 })",
                               R"({ at = "10 d", value = 110 }, { at = "20 d", value = 115 })");
  const Compiled a = compiled(one), b = compiled(two);
  std::vector<double> delays;
  for (std::uint64_t i = 0; i < 40; ++i) {
    const double from_one = total(run(a, i).result, 1, SettingSum::capacity_days) - 1000.0;
    const double from_two = total(run(b, i).result, 1, SettingSum::capacity_days) - 1000.0;
    // 100 beds from 10 d + x, 5 from 20 d + y: y is the same in both
    const double y = std::min(80.0, 80.0 - from_one / 5.0);
    const double x = 90.0 - (from_two - from_one) / 100.0;
    CHECK(x >= -1e-9);
    CHECK(x <= 90.0 + 1e-9);
    delays.push_back(y);
  }
  std::sort(delays.begin(), delays.end());
  CHECK(std::unique(delays.begin(), delays.end()) - delays.begin() > 30);
  double sum = 0.0;
  for (const double each : delays) sum += each;
  // mean of an exponential of 20 days cut at 80: 20 (1 - e^-4) = 19.6, standard deviation under 20
  CHECK(std::abs(sum / 40.0 - 20.0 * (1.0 - std::exp(-4.0))) < 4.8916 * 20.0 / std::sqrt(40.0));
}

// In a checking build the engine asserts after every instant that what policies switch is what their state says, that
// funded beds are those in use and those to come, and all laws of queues and units besides.
TEST_CASE("policies keep the laws in models nobody thought of, and give the same results watched or not") {
  int policies = 0, switches = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    std::string text = random_model::text({.seed = seed, .settings = 2 + static_cast<std::uint32_t>(seed) % 6});
    Problems problems;
    const auto model = read_model_text(text, "random.toml", {}, problems);
    if (!model || !compile(*model, Limits{}, problems)) continue;
    std::string more, first;
    for (const SettingSpec& setting : model->settings) {
      const std::string id = setting.words.id;
      if (!setting.capacity) continue;
      const std::string path = "\"settings." + id + ".capacity\"";
      more +=
          "[policies." + id + "]\nwhen = { measure = \"occupancy\", settings = [\"" + id +
          "\"], over = \"60%\", for = \"1 d\" }\nuntil = { under = \"40%\" }\nreview = \"12 h\"\nlead_time = \"6 h\"\n"
          "changes = [ { path = " +
          path + ", add = 3 } ]\n";
      more +=
          "[policies." + id + "_queue]\nwhen = { measure = \"waiting\", settings = [\"" + id +
          "\"], over = 0, waited_over = \"8 h\" }\nuntil = { under = 1 }\nreview = \"5 h\"\nclosing_time = \"7 h\"\n"
          "changes = [ { path = " +
          path + ", add = 1 } ]\n";
      if (first.empty()) first = id;
    }
    if (first.empty()) continue;
    if (seed % 2 == 0)
      text = with(text, "[settings." + first + "]\n",
                  "[settings." + first + "]\ntime_to_start = { kind = \"exponential\", mean = \"1 d\" }\n");
    INFO("seed " << seed);
    const Compiled made = compiled(text + more);
    policies += static_cast<int>(made.model.policies.rules.size());
    for (std::uint64_t replication = 0; replication < 2; ++replication)
      switches += static_cast<int>(policy_sum(run(made, replication).result, PolicySum::openings));
  }
  CHECK(policies > 100);
  CHECK(switches > 100);
}
