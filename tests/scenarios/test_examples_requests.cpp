#include <algorithm>
#include <array>
#include <cmath>

#include "tests/catch.hpp"
#include "tests/scenarios/example.hpp"
#include "tests/scenarios/markov.hpp"

// Examples of what clients wait for, and of who is first: models/examples beside exact results.
namespace {

using namespace tl;
using namespace tl::testing;

double above(double n, double limit) {
  return std::max(0.0, n - limit);
}
double at_most(double n, double limit) {
  return std::min(n, limit);
}

}  // namespace

// Everybody stands in both lists in the same order, and the one bed of the residence goes to the first: so the client
// in it is the next for a home, and only the number of clients counts. It dies at k/120 up to 4, and then at 4/120 +
// 1/30.
TEST_CASE("example: two tracks, one closed by the other") {
  Example example{"tracks"};
  example.run(120);
  constexpr double rate = 0.035, homes = 1.0 / 120.0, residence = 1.0 / 30.0;
  const auto share = birth_and_death(
      400, [](int) { return rate; }, [](int n) { return at_most(n, 4) * homes + (n > 4 ? residence : 0.0); });
  const double all_full = mean_over(share, [](double n) { return n > 4 ? 1.0 : 0.0; });
  const double none_free = mean_over(share, [](double n) { return n >= 4 ? 1.0 : 0.0; });
  const double in_homes = mean_over(share, [](double n) { return at_most(n, 4); });
  example.check("clients on the street", "street.census_days", "days",
                mean_over(share, [](double n) { return above(n, 5); }), 0.35);
  example.check("homes taken", "homes.census_days", "days", in_homes, 0.04);
  example.check("diversion beds taken", "residence.census_days", "days", all_full, 0.12);
  example.check("share of newcomers who get a home", "homes.admissions", "model.arrived", in_homes * homes / rate,
                0.04);
  // Who finds a home free never asks for the residence in earnest: the grant closes that track. So does the one who is
  // in the residence and has no request there any more: that is counted nowhere.
  example.check("requests for the residence closed by a home, a day", "residence.dropped", "days",
                rate * (1.0 - none_free), 0.10);
  example.check_page();
}

TEST_CASE("example: a track that is never granted changes nothing") {
  // The residence has no bed: the requests for it stand there and end with the grant of a home.
  const Edit no_bed{"capacity = 1\n", "capacity = 0\n"};
  Example both{"tracks", {no_bed}};
  Example one{"tracks", {no_bed, {"\"request a_home\", \"request diversion_bed\"", "\"request a_home\""}}};
  both.run(3);
  one.run(3);
  for (const char* sum : {"homes.census_days", "homes.wait_days", "homes.waits", "street.census_days", "model.left"})
    CHECK(both.total(sum) == one.total(sum));
  CHECK(both.total("residence.dropped") > 0.0);
}

// Shared housing is unlimited: whoever has waited 30 days goes there. So psh is a queue with 5 servers in which
// everybody has the same patience. Baccelli & Hebuterne (1981): the offered wait has the density
// rate p(4) exp((rate - 5/100) x) up to the patience and rate p(4) exp(rate 30 - 5/100 x) beyond.
TEST_CASE("example: an alternate accepted from a stated wait on") {
  Example example{"alternates"};
  example.run(100);
  constexpr double rate = 0.055, full = 5.0 / 100.0, patience = 30.0;
  const double load = rate * 100.0, drift = rate - full, growth = std::exp(drift * patience);
  double below = 0.0, last = 1.0;  // p(0) = 1 for now: p(n) = load^n / n!
  for (int n = 0; n < 5; ++n) {
    if (n > 0) last *= load / n;
    below += last;
  }
  const double density = rate * last;
  const double in_time = density * (growth - 1.0) / drift, late = density * growth / full;
  const double total = below + in_time + late;
  const double first_moment = density * (patience * growth / drift - (growth - 1.0) / (drift * drift));
  const double mean_wait = (first_moment + patience * late) / total;
  example.check("share who end in shared housing", "shared.admissions", "model.arrived", late / total, 0.11);
  example.check("mean wait, days", "psh.wait_days", "psh.waits", mean_wait, 0.08);
  example.check("clients on the street", "street.census_days", "days", rate * mean_wait, 0.10);
  example.check_page();
}

TEST_CASE("example: an alternate from beyond the horizon on is no alternate") {
  Example late{"alternates", {{"shared after 30 d", "shared after 50 y"}}};
  Example none{"alternates", {{"alternates = [\"shared after 30 d\"]\n", ""}}};
  late.run(3);
  none.run(3);
  CHECK(are_same(late.results(), none.results()));
  CHECK(none.total("shared.admissions") == 0.0);
}

TEST_CASE("example: alternates of a transfer are those of a standing request") {
  Example standing{"alternates"};
  Example transfer{"alternates",
                   {{"to = \"street\"\ndo = [\"request a_home\"]", "to = \"a_home\"\nwait = \"street\""}}};
  standing.run(3);
  transfer.run(3);
  for (const char* sum : {"psh.census_days", "psh.wait_days", "psh.waits", "shared.admissions", "street.census_days"}) {
    CAPTURE(sum);
    CHECK(standing.total(sum) == Approx(transfer.total(sum)));
  }
}

// The number who have no home of their own yet or are in one is that of a queue with 4 servers (Erlang 1917): an
// interim bed takes nobody out of the line. Of those without a home two are in interim housing, the others on the
// street.
TEST_CASE("example: interim housing while the wait goes on") {
  Example example{"interims"};
  example.run(100);
  const auto share = birth_and_death(
      600, [](int) { return 0.03; }, [](int n) { return at_most(n, 4) / 90.0; });
  const double interim = mean_over(share, [](double n) { return at_most(above(n, 4), 2); });
  const double street = mean_over(share, [](double n) { return above(n, 6); });
  example.check("clients on the street", "street.census_days", "days", street, 0.9);
  example.check("clients in interim housing", "interim.census_days", "days", interim, 0.3);
  example.check("homes taken", "homes.census_days", "days", 0.03 * 90.0, 0.065);
  example.check("clients waiting for a home", "homes.waiting_days", "days", street + interim, 0.5);
  example.check("mean wait for a home, days", "homes.wait_days", "homes.waits", (street + interim) / 0.03, 0.5);
  example.check_page();
}

namespace {

// The five people of away.toml, who are alike: in jail with and without a request, without one on the street, in a
// home; all others wait on the street.
using Five = std::array<int, 4>;
constexpr double kArrests = 0.08;  // a day, of who is on the street
enum : std::size_t { jailed_asking, jailed, idle, housed };

Chain<Five> five_people(bool requests_drop, double gives_up, double gives_up_in_jail) {
  return Chain<Five>{{0, 0, 0, 2}, [=](const Five& at) {
                       const int waiting = 5 - at[0] - at[1] - at[2] - at[3];
                       Chain<Five>::Moves moves;
                       const auto go = [&](std::size_t from, std::size_t to, double rate) {
                         Five next = at;
                         if (from < 4) --next[from];
                         if (to < 4) ++next[to];
                         // A free home is taken at once.
                         int free = 2 - next[housed], still = 5 - next[0] - next[1] - next[2] - next[3];
                         for (; free > 0 && still > 0; --free, --still) ++next[housed];
                         moves.emplace_back(next, rate);
                       };
                       constexpr std::size_t street = 4;
                       go(street, requests_drop ? jailed : jailed_asking, kArrests * waiting);
                       go(idle, jailed, kArrests * at[idle]);
                       go(jailed_asking, street, at[jailed_asking] / 25.0);
                       go(jailed, street, at[jailed] / 25.0);  // asks on entering the street
                       go(housed, street, at[housed] / 60.0);
                       go(street, idle, gives_up * waiting);
                       go(jailed_asking, jailed, gives_up_in_jail * at[jailed_asking]);
                       return moves;
                     }};
}

constexpr double kFortyYears = 40 * 365.25;

}  // namespace

TEST_CASE("example: a request parked while its client is in jail") {
  Example example{"away"};
  example.run(30);
  const auto chain = five_people(false, 0.0, 0.0);
  const auto share = chain.shares_until(kFortyYears);
  const double in_jail = chain.mean(share, [](const Five& at) { return at[jailed_asking]; });
  const double in_homes = chain.mean(share, [](const Five& at) { return at[housed]; });
  example.check("people in jail", "jail.census_days", "days", in_jail, 0.05);
  example.check("homes taken", "homes.census_days", "days", in_homes, 0.02);
  example.check("people waiting for a home", "homes.waiting_days", "days", 5.0 - in_homes, 0.05);
  example.check("of these kept away by jail", "homes.waiting_away_days", "days", in_jail, 0.05);
  example.check_page();
  CHECK(example.total("homes.dropped") == 0.0);
}

TEST_CASE("example: a request dropped when its client goes to jail") {
  Example example{"away", {{"\"park\"", "\"drop\""}}};
  example.run(30);
  const auto chain = five_people(true, 0.0, 0.0);
  const auto share = chain.shares_until(kFortyYears);
  const double in_jail = chain.mean(share, [](const Five& at) { return at[jailed]; });
  const double on_street = chain.mean(share, [](const Five& at) { return 5 - at[jailed] - at[housed]; });
  example.check("people waiting for a home", "homes.waiting_days", "days", on_street, 0.05);
  example.check("people in jail", "jail.census_days", "days", in_jail, 0.05);
  example.check("requests dropped", "homes.dropped", "days", kArrests * on_street, 0.05);
  CHECK(example.total("homes.waiting_away_days") == 0.0);
}

TEST_CASE("example: patience runs on in jail unless it pauses there") {
  const bool pauses = GENERATE(false, true);
  CAPTURE(pauses);
  const std::string queue = std::string{"queue = { patience = { kind = \"exponential\", mean = \"30 d\" }"} +
                            (pauses ? ", patience_pauses = [\"away\"] }\n" : " }\n");
  Example example{"away", {{"capacity = 2\n", "capacity = 2\n" + queue}}};
  example.run(30);
  const auto chain = five_people(false, 1.0 / 30.0, pauses ? 0.0 : 1.0 / 30.0);
  const auto share = chain.shares_until(kFortyYears);
  const auto mean_of = [&](std::size_t what) { return chain.mean(share, [=](const Five& at) { return at[what]; }); };
  const double asking = mean_of(jailed_asking);
  const double waiting = 5.0 - asking - mean_of(jailed) - mean_of(idle) - mean_of(housed);
  example.check("waiting", "homes.waiting_days", "days", waiting + asking, 0.05);
  example.check("of these in jail", "homes.waiting_away_days", "days", asking, 0.1);
  example.check("given up", "homes.reneged", "days", (waiting + (pauses ? 0.0 : asking)) / 30.0, 0.09);
}

// Only the number without a home counts, as in `interims`: clients give up at 1/60 each, those in the two interim beds
// only where their patience runs on.
TEST_CASE("example: patience stands still in interim housing") {
  const bool pauses = GENERATE(true, false);
  CAPTURE(pauses);
  std::vector<Edit> edits;
  if (!pauses) edits.push_back({" patience_pauses = [\"interim\"],", ""});
  Example example{"patience", edits};
  example.run(100);
  const double spared = pauses ? 2.0 : 0.0;
  const auto losing = [=](double n) { return above(n, 4.0 + spared) / 60.0; };
  const auto share = birth_and_death(
      300, [](int) { return 0.055; }, [=](int n) { return at_most(n, 4) / 90.0 + losing(n); });
  example.check("clients on the street", "street.census_days", "days",
                mean_over(share, [](double n) { return above(n, 6); }), 0.25);
  example.check("clients in interim housing", "interim.census_days", "days",
                mean_over(share, [](double n) { return at_most(above(n, 4), 2); }), 0.1);
  example.check("share of newcomers who give up", "homes.reneged", "model.arrived", mean_over(share, losing) / 0.055,
                0.1);
  if (pauses) example.check_page();
}

// ---- scores

namespace {

/// Says after each grant whether somebody with more points was passed over.
class BestFirst : public Watcher {
 public:
  explicit BestFirst(const Compiled& compiled) : chronic_stream_{compiled.model.arrivals.front().draw_id} {}
  void entered(std::uint32_t number, const ClientKey& key, SimTime) override {
    chronic_[number] = key.stream == chronic_stream_;
    ill_[number] = false;
  }
  void told(const Story& story) override {
    if (story.kind != StoryKind::event && story.subject != homes_) return;
    if (story.kind == StoryKind::event) ill_[story.number] = true;
    if (story.kind == StoryKind::asked) asked_[story.number] = story.at.days();
    if (story.kind != StoryKind::granted) return;
    ++grants;
    const double points = points_of(story.number, story.at.days());
    for (const auto& [number, since] : asked_)
      if (points_of(number, story.at.days()) > points + 1e-9) ++passed_over;
    for (const auto& [number, since] : asked_)
      if (number != story.number && since < asked_[story.number]) ++later_first;
    asked_.erase(story.number);
  }
  int grants = 0, passed_over = 0, later_first = 0;

 private:
  double points_of(std::uint32_t number, double now) {
    return (chronic_[number] ? 8.0 : 0.0) + (ill_[number] ? 5.0 : 0.0) + (now - asked_[number]) / 10.0;
  }
  std::uint32_t chronic_stream_;
  std::uint32_t homes_ = 2;  // row of the setting, behind outside and the street
  std::map<std::uint32_t, bool> chronic_, ill_;
  std::map<std::uint32_t, double> asked_;
};

/// Mean wait in a queue without limit (Erlang 1917).
double mean_wait(double rate, double stay, int units) {
  const double load = rate * stay, blocked = erlang_b(units, load);
  const double waits = blocked / (1.0 - load / units * (1.0 - blocked));
  return waits * stay / (units - load);
}

}  // namespace

TEST_CASE("example: points decide who is next, and change with the client") {
  const Example example{"coordinated_entry"};
  BestFirst watcher{example.compiled()};
  example.watch(watcher);
  CHECK(watcher.grants > 500);
  CHECK(watcher.passed_over == 0);
  CHECK(watcher.later_first > 30);  // it is not the order of asking
}

// A score says who waits and not how much waiting there is: stays are alike, so that the mean over all is that of the
// queue in the order of asking.
TEST_CASE("example: coordinated entry leaves the mean wait over all as it is") {
  Example example{"coordinated_entry"};
  example.run(100);
  const double wait = mean_wait(0.045, 60.0, 4);
  example.check("mean wait over all, days", "homes.wait_days", "homes.waits", wait, 0.4);
  example.check("clients waiting", "homes.waiting_days", "days", 0.045 * wait, 0.4);
  example.check("homes taken", "homes.census_days", "days", 2.7, 0.06);
  example.check_page();
}

TEST_CASE("example: equal points are the order of asking") {
  const std::string rules =
      "discipline = \"score\", score = [\"8 when chronic = yes\", \"5 when ill = yes\", \"1 per 10 d\"]";
  Example alike{"coordinated_entry", {{rules, "discipline = \"score\", score = [\"7\", \"1 per 10 d\"]"}}};
  Example fifo{"coordinated_entry", {{rules, "discipline = \"fifo\""}}};
  alike.run(3);
  fifo.run(3);
  CHECK(are_same(alike.results(), fifo.results()));
}

// ---- a least wait

// Arrivals 14 days later are a Poisson stream again, so the wait is 14 days and then that of Erlang's queue.
TEST_CASE("example: nobody is admitted before a least wait") {
  Example example{"least_wait"};
  example.run(100);
  const double wait = mean_wait(0.045, 60.0, 4);
  example.check("mean wait, days", "rapid.wait_days", "rapid.waits", 14.0 + wait, 0.19);
  example.check("clients waiting because of the rule", "rapid.waiting_policy_days", "days", 0.045 * 14.0, 0.035);
  example.check("clients waiting for want of a unit", "rapid.waiting_days - rapid.waiting_policy_days", "days",
                0.045 * wait, 0.35);
  example.check_page();
}

TEST_CASE("example: a least wait of nothing is none") {
  Example zero{"least_wait", {{"least_wait = \"14 d\"", "least_wait = \"0 d\""}}};
  Example none{"least_wait", {{"least_wait = \"14 d\", ", ""}}};
  zero.run(3);
  none.run(3);
  CHECK(are_same(zero.results(), none.results()));
}
