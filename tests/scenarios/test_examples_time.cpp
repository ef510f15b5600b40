#include <algorithm>
#include <array>
#include <cmath>

#include "sim/maths.hpp"
#include "tests/catch.hpp"
#include "tests/scenarios/example.hpp"
#include "tests/scenarios/markov.hpp"

// Examples of hours, papers, timers, milestones, enrolments, need and causes: models/examples beside exact results.
namespace {

using namespace tl;
using namespace tl::testing;

/// Mean of the greater of two exponential times.
double mean_of_later(double a, double b) {
  return a + b - 1.0 / (1.0 / a + 1.0 / b);
}

}  // namespace

// Papers and intake are got side by side, in exponential times: the wait for both is the greater of the two.
TEST_CASE("example: papers before a home") {
  Example example{"assessments"};
  example.run(20);
  const double wait = mean_of_later(30.0, 10.0);
  example.check("mean wait for a home, days", "homes.wait_days", "homes.waits", wait, 0.03);
  example.check("people waiting for papers or intake", "homes.waiting_for_assessment_days", "days", wait, 0.045);
  example.check("intakes of Mental Health a day", "dmh_intake.admissions", "days", 1.0, 0.04);
  example.check_page();
}

TEST_CASE("example: papers one after another") {
  Example example{"assessments", {{"\"together\"", "\"serial\""}}};
  example.run(20);
  example.check("mean wait", "homes.wait_days", "homes.waits", 40.0, 0.03);
}

TEST_CASE("example: an intake that all departments accept") {
  Example example{"assessments", {{"accepts = [\"dmh\"]\n", ""}}};
  example.run(20);
  example.check("mean wait", "homes.wait_days", "homes.waits", (mean_of_later(30.0, 10.0) + 30.0) / 2.0, 0.03);
  example.check("intakes a day", "dmh_intake.admissions", "days", 0.5, 0.06);
}

// By hand: papers take 30 days and are good for 20, the intake takes 60. Got on day 30, lapsed and asked for again on
// day 50, got again on day 80, when the intake is there: 80 days for everybody.
TEST_CASE("example: papers that lapse are asked for again") {
  Example example{"assessments",
                  {{"stay = { kind = \"exponential\", mean = \"30 d\" }", "stay = \"30 d\""},
                   {"stay = { kind = \"exponential\", mean = \"10 d\" }", "stay = \"60 d\""},
                   {"valid = \"1 y\"", "valid = \"20 d\""}}};
  example.run(2);
  CHECK(example.total("homes.waits") > 1000.0);
  CHECK(example.total("homes.wait_days") == Approx(80.0 * example.total("homes.waits")));
}

namespace {

/// Share turned away by the sobering centre over a day, and mean clients there: the day's course of the chances of each
/// number, in steps of ten seconds, after two days.
struct Day {
  double refused = 0.0, inside = 0.0;
};
Day sobering_day() {
  constexpr int beds = 8, per_day = 8640;
  constexpr double rate = 15.0, leave = 3.0, step = 1.0 / per_day;
  std::array<double, beds + 1> p{1.0};
  Day mean;
  for (int i = 0; i < 3 * per_day; ++i) {
    const double hour = 24.0 * (i % per_day + 0.5) / per_day;
    const int usable = hour >= 8.0 && hour < 20.0 ? beds / 2 : beds;
    std::array<double, beds + 1> change{};
    for (int n = 0; n <= beds; ++n) {
      const auto at = static_cast<std::size_t>(n);
      const double in = n < usable ? rate * p[at] : 0.0, out = leave * n * p[at];
      change[at] -= in + out;
      if (n < beds) change[at + 1] += in;
      if (n > 0) change[at - 1] += out;
      if (i >= 2 * per_day) {
        mean.refused += n < usable ? 0.0 : p[at] * step;
        mean.inside += n * p[at] * step;
      }
    }
    for (std::size_t n = 0; n <= beds; ++n) p[n] += step * change[n];
  }
  return mean;
}

}  // namespace

TEST_CASE("example: hours of admission, of treatment, and of capacity") {
  Example example{"calendars"};
  example.run(20);
  // Closed from Monday to Thursday for 15 hours, over the weekend for 63: who comes then waits half of it on average.
  example.check("people waiting for the residence to open", "residence.waiting_closed_days", "days",
                4.0 * (4.0 * 15.0 * 15.0 + 63.0 * 63.0) / 2.0 / 168.0 / 24.0, 0.12);
  CHECK(example.total("residence.waiting_days") == Approx(example.total("residence.waiting_closed_days")));
  // 15 hours of treatment: who begins by 13:00 has one closed night (14 hours) in between, who begins later two.
  // Outside the hours it begins at 8:00 and ends at 13:00 of the next day, 29 hours later.
  double real_hours = 0.0;
  for (int i = 0; i < 24000; ++i) {
    const double hour = (i + 0.5) / 1000.0;
    if (hour < 8.0 || hour >= 18.0)
      real_hours += (hour < 8.0 ? 8.0 - hour : 32.0 - hour) + 29.0;
    else
      real_hours += hour < 13.0 ? 29.0 : 43.0;
  }
  example.check("clients of the day clinic at a time", "day_clinic.census_days", "days",
                4.0 * real_hours / 24000.0 / 24.0, 0.065);
  const Day day = sobering_day();
  example.check("share turned away by the sobering centre", "sobering.refused", "sobering.requests", day.refused, 0.08);
  example.check("clients in the sobering centre", "sobering.census_days", "days", day.inside, 0.035);
  CHECK(example.total("sobering.capacity_days") == Approx(6.0 * example.total("days")));
  example.check_page();
}

// Admission at one instant a day: half a day's wait on average.
TEST_CASE("example: admission once a day") {
  Example example{"calendars", {{"windows = \"mon-fri 08:00-17:00\"", "windows = \"daily 09:00\""}}};
  example.run(20);
  example.check("waiting", "residence.waiting_days", "days", 4.0 * 0.5, 0.075);
  example.check("mean wait", "residence.wait_days", "residence.waits", 0.5, 0.045);
}

TEST_CASE("example: hours that are always open are none") {
  Example always{"calendars",
                 {{"windows = \"mon-fri 08:00-17:00\"", "windows = \"mon-sun\""},
                  {"serves = \"daily 08:00-18:00\"", "serves = \"mon-sun\""},
                  {"daily 08:00-20:00 = 50%", "daily 08:00-20:00 = 100%"}}};
  Example none{"calendars",
               {{"admits = \"office_hours\"\n", ""},
                {"serves = \"daily 08:00-18:00\"\n", ""},
                {"capacity_hours = [\"daily 08:00-20:00 = 50%\"]\n", ""}}};
  always.run(3);
  none.run(3);
  CHECK(are_same(always.results(), none.results()));
}

// A stay is the shorter of an exponential time and 100 days; a review is held after 30, 60 and 90 days by those who are
// still there.
TEST_CASE("example: a time limit and reviews") {
  Example example{"timers"};
  example.run(20);
  const double limit = std::exp(-100.0 / 80.0);
  example.check("mean stay in the shelter, days", "shelter.stay_days", "shelter.departures", 80.0 * (1.0 - limit),
                0.02);
  example.check("share whose time is up", "reason.time_is_up", "model.arrived", limit, 0.05);
  example.check("reviews of a client", "outcome.reviews", "model.arrived",
                std::exp(-30.0 / 80.0) + std::exp(-60.0 / 80.0) + std::exp(-90.0 / 80.0), 0.03);
  example.check_page();
}

TEST_CASE("example: a timer from the arrival, where all arrive in the shelter") {
  Example from_shelter{"timers"};
  Example from_arrival{"timers", {{"from = \"shelter\"", "from = \"arrival\""}}};
  from_shelter.run(2);
  from_arrival.run(2);
  CHECK(are_same(from_shelter.results(), from_arrival.results()));
}

TEST_CASE("example: a timer of longer than the run rings for nobody") {
  Example late{"timers", {{"after = \"100 d\"", "after = \"60 y\""}}};
  late.run(2);
  CHECK(late.total("event.time_limit") == 0.0);
  CHECK(late.total("reason.time_is_up") == 0.0);
}

// Two exponential times side by side: both within 14 days with (1 - exp(-14/5)) (1 - exp(-14/8)), the later one after
// 5 + 8 - 1/(1/5 + 1/8) days. Who has gone home by then counts no more; the stay at home has a mean of 200 days.
TEST_CASE("example: both services within two weeks") {
  const std::string how = GENERATE("all", "any");
  CAPTURE(how);
  Example example{"milestones",
                  {{"how = \"all\"", "how = \"" + how + "\""},
                   {"stay = { kind = \"exponential\", mean = \"200 d\" }", "stay = \"200 d\""}}};
  example.run(20);
  const double a = 14.0 / 5.0, b = 14.0 / 8.0;
  const bool all = how == "all";
  const double mean = all ? mean_of_later(5.0, 8.0) : 1.0 / (1.0 / 5.0 + 1.0 / 8.0);
  const double in_time = all ? (1.0 - std::exp(-a)) * (1.0 - std::exp(-b)) : 1.0 - std::exp(-a - b);
  example.check("mean time until " + how + ", days", "milestone.both.days", "milestone.both.reached", mean, 0.045);
  example.check("share within 14 days", "milestone.both.within_standard", "milestone.both.reached", in_time, 0.03);
}

TEST_CASE("example: any of two is one of them, all of two are both") {
  const auto [word, number] =
      GENERATE(Catch::Generators::table<std::string, std::string>({{"any", "1"}, {"all", "2"}}));
  Example by_word{"milestones", {{"how = \"all\"", "how = \"" + word + "\""}}};
  Example by_number{"milestones", {{"how = \"all\"", "how = " + number}}};
  by_word.run(2);
  by_number.run(2);
  CHECK(are_same(by_word.results(), by_number.results()));
}

TEST_CASE("example: both services within two weeks, as the page shows it") {
  Example example{"milestones"};
  example.run(20);
  // The chance to be home no more: each rate grows by 1/200.
  constexpr double home = 1.0 / 200.0, a = 1.0 / 5.0, b = 1.0 / 8.0;
  double reached = 0.0, days = 0.0, in_time = 0.0;
  constexpr double step = 0.001;
  for (double t = step / 2.0; t < 400.0; t += step) {  // density of the later time, and the client still there
    const double density =
        (a * std::exp(-a * t) * (1.0 - std::exp(-b * t)) + b * std::exp(-b * t) * (1.0 - std::exp(-a * t))) *
        std::exp(-home * t) * step;
    reached += density;
    days += t * density;
    if (t < 14.0) in_time += density;
  }
  example.check("mean time until both, days", "milestone.both.days", "milestone.both.reached", days / reached, 0.03);
  example.check("share of newcomers who get both", "milestone.both.reached", "milestone.both.started", reached, 0.02);
  example.check("of these within 14 days", "milestone.both.within_standard", "milestone.both.reached",
                in_time / reached, 0.025);
  example.check_page();
}

// 180 days of time outside jail, with 180 x 0.005 arrests of 30 days each in between.
TEST_CASE("example: case management stands still in jail") {
  Example example{"while_in"};
  example.run(24);
  example.check("days enrolled", "case_management.stay_days", "case_management.departures",
                180.0 * (1.0 + 0.005 * 30.0), 0.035);
  example.check("of these in jail, with the clock standing still",
                "case_management.stay_days - case_management.stay_drawn_days", "case_management.departures",
                180.0 * 0.005 * 30.0, 0.25);
  example.check_page();
}

TEST_CASE("example: what else an enrolment may do in jail") {
  const std::string pause = "\"pause when domain = custody\"";
  Example keeps{"while_in", {{"while_in = [" + pause + "]\n", ""}}};
  keeps.run(3);
  CHECK(keeps.total("case_management.stay_days") == Approx(180.0 * keeps.total("case_management.departures")));
  // Ended with the first arrest: the shorter of 180 days and an exponential time of mean 200.
  Example ends{"while_in", {{pause, "\"end when domain = custody\""}}};
  ends.run(24);
  ends.check("days enrolled", "case_management.stay_days", "case_management.departures", 200.0 * (1.0 - std::exp(-0.9)),
             0.05);
  // Ended after 40 days in jail: no jail term is that long, or every one is.
  const Edit always{"stay = { kind = \"exponential\", mean = \"30 d\" }", "stay = \"30 d\""};
  Example never{"while_in", {{pause, "\"end after 40 d when place = jail\""}, always}};
  never.run(3);
  CHECK(never.total("case_management.stay_days") == Approx(180.0 * never.total("case_management.departures")));
  Example after{"while_in", {{pause, "\"end after 10 d when place = jail\""}, always}};
  after.run(24);
  // An arrest up to day 170 ends it 10 days later; a later one comes too late.
  after.check("days enrolled", "case_management.stay_days", "case_management.departures",
              200.0 * (1.0 - std::exp(-0.85)) + 10.0, 0.075);
}

namespace {

/// Need high, place high.
using Care = std::pair<int, int>;

Chain<Care> care() {
  return Chain<Care>{{0, 0}, [](const Care& at) {
                       const auto [need, place] = at;
                       Chain<Care>::Moves moves;
                       if (need == 0) moves.push_back({{1, place}, 0.01});
                       if (need == 1) moves.push_back({{0, place}, place == 1 ? 0.02 : 0.01});
                       if (need > place) moves.push_back({{need, 1}, 0.05});
                       if (need < place) moves.push_back({{need, 0}, 0.03});
                       return moves;
                     }};
}

}  // namespace

TEST_CASE("example: need and place") {
  Example example{"need"};
  example.run(20);
  const auto chain = care();
  const auto share = chain.shares_until(3652.5);
  const auto clients = [&](int need, int place) {
    return 50.0 * chain.mean(share, [=](const Care& at) { return at == Care{need, place} ? 1.0 : 0.0; });
  };
  example.check("clients with a clinic who need more", "clinic.below_need_days", "days", clients(1, 0), 0.09);
  example.check("clients in residential who need less", "residential.above_need_days", "days", clients(0, 1), 0.09);
  example.check("clients in residential", "residential.census_days", "days", clients(0, 1) + clients(1, 1), 0.09);
  CHECK(example.total("clinic.above_need_days") == 0.0);
  CHECK(example.total("residential.below_need_days") == 0.0);
  example.check_page();
}

// Rooms taken, rooms empty between two guests, people in the line.
TEST_CASE("example: causes of waiting") {
  Example example{"causes"};
  example.run(30);
  using House = std::array<int, 3>;
  const Chain<House> chain{{0, 0, 0}, [](const House& at) {
                             Chain<House>::Moves moves;
                             const auto go = [&](House next, double rate) {
                               const int enter = std::min(next[2], 3 - next[0] - next[1]);
                               next[0] += enter;
                               next[2] -= enter;
                               if (next[2] <= 6) moves.emplace_back(next, rate);
                             };
                             go({at[0], at[1], at[2] + 1}, 0.09);
                             if (at[0] > 0) go({at[0] - 1, at[1] + 1, at[2]}, at[0] / 20.0);
                             if (at[1] > 0) go({at[0], at[1] - 1, at[2]}, at[1] / 5.0);
                             return moves;
                           }};
  const auto share = chain.steady();
  const double waiting = chain.mean(share, [](const House& at) { return at[2]; });
  const double turnaround = chain.mean(share, [](const House& at) { return std::min(at[1], at[2]); });
  example.check("people waiting", "recovery.waiting_days", "days", waiting, 0.32);
  example.check("of these for a room that is being made ready", "recovery.waiting_turnaround_days", "days", turnaround,
                0.22);
  example.check("rooms being made ready", "recovery.turnaround_days", "days",
                chain.mean(share, [](const House& at) { return at[1]; }), 0.07);
  example.check_page();
}

// Each day of waiting has one cause at most; what is left is for want of a free place.
TEST_CASE("examples: the causes of waiting are parts of the whole") {
  const std::string name = GENERATE("tracks", "alternates", "interims", "away", "coordinated_entry", "pool",
                                    "least_wait", "fit", "preemption", "hold", "deadlock", "boarding", "handoffs",
                                    "assessments", "calendars", "causes", "cuts", "patience");
  CAPTURE(name);
  Example example{name};
  example.run(2);
  for (const SettingWords& setting : example.compiled().words.settings) {
    CAPTURE(setting.id);
    double known = 0.0;
    for (const char* cause :
         {"in_handoff", "for_assessment", "away", "closed", "policy", "staff", "turnaround", "held"}) {
      const double days = example.total(setting.id + ".waiting_" + cause + "_days");
      CHECK(days >= 0.0);
      known += days;
    }
    CHECK(known <= example.total(setting.id + ".waiting_days") * (1.0 + 1e-9) + 1e-6);
  }
}
