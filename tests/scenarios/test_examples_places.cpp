#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "sim/maths.hpp"
#include "tests/catch.hpp"
#include "tests/scenarios/example.hpp"
#include "tests/scenarios/markov.hpp"

// Examples of units: shared, kept, taken away, blocked, refused on the way. models/examples beside exact results.
namespace {

using namespace tl;
using namespace tl::testing;

}  // namespace

// Kaufman (1981) and Roberts (1981): j p(j) = sum over classes of load x units x p(j - units). Only the mean stay
// counts.
TEST_CASE("example: three wards share one team") {
  Example example{"pool"};
  example.run(40);
  constexpr std::array<double, 3> load{1.2 * 3.0, 0.9 * 2.0, 0.7 * 1.0};
  constexpr std::array<int, 3> units{1, 2, 4};
  std::vector<double> p{1.0};
  for (int j = 1; j <= 12; ++j) {
    p.push_back(0.0);
    for (std::size_t k = 0; k < 3; ++k)
      if (units[k] <= j) p.back() += load[k] * units[k] * p[static_cast<std::size_t>(j - units[k])] / j;
  }
  double total = 0.0, busy = 0.0;
  for (std::size_t j = 0; j <= 12; ++j) {
    total += p[j];
    busy += static_cast<double>(j) * p[j];
  }
  const auto refused = [&](std::size_t most) {
    double sum = 0.0;
    for (std::size_t j = 13 - most; j <= 12; ++j) sum += p[j] / total;
    return sum;
  };
  example.check("share sent on: quiet ward", "quiet.refused", "quiet.requests", refused(1), 0.12);
  example.check("share sent on: close watch", "close_watch.refused", "close_watch.requests", refused(2), 0.075);
  example.check("share sent on: one to one", "one_to_one.refused", "one_to_one.requests", refused(4), 0.04);
  example.check("carers busy", "night_team.census_days", "days", busy / total, 0.02);
  example.check_page();
}

// Each of 24 posts is held with chance 1 / (1 + turnover x time to hire), apart from the others and whatever the spread
// of the time to hire (an alternating renewal process). 19.76 nurses carry 16 beds, 9.88 carry 8.
TEST_CASE("example: a ward and its nurses") {
  Example example{"staff"};
  example.run(40);
  const double vacant = 0.5 * 95.0 / 365.25 / (1.0 + 0.5 * 95.0 / 365.25);
  double chance = std::pow(1.0 - vacant, 24), all = 0.0, half = 0.0;  // of 24 nurses, then of one fewer
  for (int gone = 0; gone <= 14; ++gone) {
    (gone <= 4 ? all : half) += chance;
    chance *= (24.0 - gone) / (gone + 1.0) * vacant / (1.0 - vacant);
  }
  example.check("nurses employed", "staff.ward_nurse.employed_days", "days", 24.0 * (1.0 - vacant), 0.03);
  example.check("posts vacant", "staff.ward_nurse.vacant_days", "days", 24.0 * vacant, 0.2);
  example.check("nurses hired a year", "staff.ward_nurse.hires", "10", 12.0 * (1.0 - vacant), 0.2);
  example.check("beds that can be used", "ward.capacity_days", "days", 16.0 * all + 8.0 * half, 0.06);
  example.check_page();
}

TEST_CASE("example: a pool as large as all who may come is no limit") {
  Example pooled{"pool", {{"capacity = 12\n", "capacity = 100000\n"}}};
  pooled.run(3);
  CHECK(pooled.total("quiet.refused") + pooled.total("close_watch.refused") + pooled.total("one_to_one.refused") == 0);
  CHECK(pooled.total("night_team.census_days") ==
        Approx(pooled.total("quiet.census_days") + 2.0 * pooled.total("close_watch.census_days") +
               4.0 * pooled.total("one_to_one.census_days")));
}

namespace {

/// Singles and families in the motel, and the line as it stands.
using Motel = std::tuple<int, int, std::string>;

void let_in(Motel& at, bool first_fit) {
  auto& [singles, families, line] = at;
  for (std::size_t i = 0; i < line.size();) {
    const int units = line[i] == 'f' ? 2 : 1;
    if (singles + 2 * families + units <= 4) {
      ++(line[i] == 'f' ? families : singles);
      line.erase(i, 1);
    } else if (first_fit) {
      ++i;
    } else {
      return;
    }
  }
}

Chain<Motel> motel(bool first_fit) {
  return Chain<Motel>{{0, 0, ""}, [=](const Motel& at) {
                        Chain<Motel>::Moves moves;
                        const int singles = std::get<0>(at), families = std::get<1>(at);
                        const std::string& line = std::get<2>(at);
                        const auto go = [&](int more_singles, int more_families, const std::string& comes,
                                            double rate) {
                          Motel next{singles + more_singles, families + more_families, line + comes};
                          let_in(next, first_fit);
                          if (std::get<2>(next).size() <= 3) moves.emplace_back(next, rate);
                        };
                        go(0, 0, "s", 0.08);
                        go(0, 0, "f", 0.04);
                        if (singles > 0) go(-1, 0, "", singles / 20.0);
                        if (families > 0) go(0, -1, "", families / 30.0);
                        return moves;
                      }};
}

}  // namespace

TEST_CASE("example: families need two rooms") {
  const bool first_fit = GENERATE(false, true);
  CAPTURE(first_fit);
  std::vector<Edit> edits;
  if (first_fit) edits.push_back({"\"strict\"", "\"first_fit\""});
  Example example{"fit", edits};
  example.run(60);
  const auto chain = motel(first_fit);
  const auto share = chain.steady();
  const auto mean = [&](auto value) { return chain.mean(share, value); };
  const double waiting = mean([](const Motel& at) { return static_cast<double>(std::get<2>(at).size()); });
  const double families_waiting = mean([](const Motel& at) {
    const std::string& line = std::get<2>(at);
    return static_cast<double>(std::count(line.begin(), line.end(), 'f'));
  });
  const double inside = mean([](const Motel& at) { return std::get<0>(at) + std::get<1>(at); });
  // Turned away: those who find three in the line and cannot go in past them.
  const double turned_away =
      0.12 - mean([&](const Motel& at) { return std::get<0>(at) / 20.0 + std::get<1>(at) / 30.0; });
  const std::string rule = first_fit ? "first_fit: " : "strict: ";
  example.check(rule + "parties waiting", "motel.waiting_days", "days", waiting, 0.1);
  example.check(rule + "parties in the motel", "motel.census_days", "days", inside, 0.04);
  example.check(rule + "share turned away", "motel.refused", "motel.requests", turned_away / 0.12, 0.13);
  CHECK(families_waiting < waiting);
  example.check_page();
}

// Preemptive resume with exponential stays: the acute see a queue of their own, and the number of all is that of M/M/1.
TEST_CASE("example: an emergency takes the room") {
  const std::string way = GENERATE("resume", "resample");  // the same in law: an exponential has no memory
  CAPTURE(way);
  Example example{"preemption", {{"preempt = \"resume\"", "preempt = \"" + way + "\""}}};
  example.run(60);
  constexpr double acute = 0.3, both = 0.75;
  const double acute_number = acute / (1.0 - acute), all = both / (1.0 - both);
  example.check("acute clients waiting", "triage.census_days", "days", acute_number - acute, 0.1);
  example.check("routine clients waiting or sent out", "corridor.census_days", "days",
                all - acute_number - (both - acute), 0.25);
  // Sent out: those in the room for routine when an acute one comes.
  example.check("routine stays interrupted a day", "room.preempted", "days", 1.2 * (both - acute), 0.06);
  if (way == "resume") example.check_page();
}

// Preemptive repeat of the same stay, constant 6 h: a routine stay needs a gap of 6 h without an acute arrival. The
// share of time the room is busy with routine is then rate x the mean time spent, (exp(a D) - 1) / a for each.
TEST_CASE("example: an interrupted stay that begins again from the start") {
  Example example{"preemption",
                  {{"preempt = \"resume\"", "preempt = \"restart\""},
                   {"stay = { kind = \"exponential\", mean = \"6 h\" }", "stay = \"6 h\""}}};
  example.run(60);
  constexpr double stay = 0.25, acute_rate = 1.2;
  example.check("clients in the room", "room.census_days", "days",
                acute_rate * stay + 1.8 * (std::exp(acute_rate * stay) - 1.0) / acute_rate, 0.03);
}

namespace {

/// What a resident of hold.toml goes through. With exponential stays it does not matter how the stay goes on.
struct Residence {
  double stay = 90.0, ill = 0.01, hospital = 8.0, hold = 10.0;
  double back() const { return 1.0 - std::exp(-hold / hospital); }  ///< share back in time
  double falls_ill() const { return ill / (ill + 1.0 / stay); }
  double stages() const { return 1.0 / (1.0 - falls_ill() * back()); }
  double episodes() const { return stages() * falls_ill(); }
  double in_bed() const { return stages() / (ill + 1.0 / stay); }
  double kept() const { return episodes() * hospital * back(); }
};

}  // namespace

// The bed is taken or kept for a time of some law: by Erlang's formula only its mean counts for the share turned away.
TEST_CASE("example: a bed kept for who is in hospital") {
  const std::string way = GENERATE("resume", "resample");
  CAPTURE(way);
  Example example{"hold", {{"on_return = \"resume\"", "on_return = \"" + way + "\""}}};
  example.run(60);
  const Residence one;
  const double blocked = erlang_b(6, 0.06 * (one.in_bed() + one.kept())), flow = 0.06 * (1.0 - blocked);
  example.check("share turned away", "reason.turned_away", "model.arrived", blocked, 0.17);
  example.check("beds taken", "residential.census_days", "days", flow * one.in_bed(), 0.045);
  example.check("beds kept", "residential.held_days", "days", flow * one.kept(), 0.07);
  example.check("share of hospital stays that cost the bed", "residential.claims_lapsed", "event.falls_ill",
                1.0 - one.back(), 0.085);
  if (way == "resume") example.check_page();
}

// People wait for these beds, some of which stand empty and kept: waiting has the cause `held` for as many as there are
// such beds. In bed, away with the bed kept, in the line; a kept bed is given away after an exponential time too.
TEST_CASE("example: people wait for beds that are kept") {
  Example example{"hold",
                  {{"hold = \"10 d\"", "hold = { kind = \"exponential\", mean = \"10 d\" }"},
                   {"capacity = 6", "capacity = 3"},
                   {"mean = \"90 d\"", "mean = \"30 d\""},
                   {"limit = 0", "limit = 4"},
                   {"rate = \"0.06 / d\"", "rate = \"0.15 / d\""},
                   {"rate = \"0.01 / d\"", "rate = \"0.1 / d\""}}};
  example.run(40);
  using House = std::array<int, 3>;
  const Chain<House> chain{{0, 0, 0}, [](const House& at) {
                             const auto [inside, kept, line] = at;
                             Chain<House>::Moves moves;
                             const auto go = [&](House next, double rate) {
                               const int enter = std::min(next[2], 3 - next[0] - next[1]);
                               next[0] += enter;
                               next[2] -= enter;
                               if (next[2] <= 4) moves.emplace_back(next, rate);
                             };
                             go({inside, kept, line + 1}, 0.15);
                             if (inside > 0) go({inside - 1, kept, line}, inside / 30.0);
                             if (inside > 0) go({inside - 1, kept + 1, line}, inside * 0.1);
                             if (kept > 0) go({inside + 1, kept - 1, line}, kept / 8.0);
                             if (kept > 0) go({inside, kept - 1, line}, kept / 10.0);
                             return moves;
                           }};
  const auto share = chain.steady();
  const auto mean = [&](auto value) { return chain.mean(share, value); };
  example.check("beds kept", "residential.held_days", "days", mean([](const House& at) { return at[1]; }), 0.06);
  example.check("people waiting", "residential.waiting_days", "days", mean([](const House& at) { return at[2]; }),
                0.13);
  example.check("of these for a kept bed", "residential.waiting_held_days", "days",
                mean([](const House& at) { return std::min(at[1], at[2]); }), 0.12);
}

// The clock runs while away: each stage in hospital ends the residence too with the chance that its rest was shorter.
TEST_CASE("example: a treatment whose clock runs on in hospital") {
  Example example{"hold", {{"on_return = \"resume\"", "on_return = \"run_on\""}}};
  example.run(60);
  const Residence one;
  // Back in time, and the rest of the stay longer than the time in hospital.
  const double both = 1.0 / one.hospital + 1.0 / one.stay;
  const double goes_on = (1.0 - std::exp(-both * one.hold)) / one.hospital / both;
  const double stages = 1.0 / (1.0 - one.falls_ill() * goes_on), episodes = stages * one.falls_ill();
  const double in_bed = stages / (one.ill + 1.0 / one.stay), kept = episodes * one.hospital * one.back();
  const double flow = 0.06 * (1.0 - erlang_b(6, 0.06 * (in_bed + kept)));
  example.check("beds taken", "residential.census_days", "days", flow * in_bed, 0.045);
  example.check("beds kept", "residential.held_days", "days", flow * kept, 0.07);
  example.check("share of stays with the bed lost", "reason.lost_the_bed", "model.arrived",
                flow / 0.06 * episodes * (1.0 - one.back()), 0.09);
}

// Constant stays tell the three ways apart. Falling ill at 0.01 a day, 90 days of treatment, hospital 8 days, kept for
// ever: 0.9 times if the rest is served, exp(0.9) - 1 if it begins anew; if the clock runs on, the k-th time needs k
// times of illness and k - 1 hospital stays within 90 days.
TEST_CASE("example: three ways to go on after the hospital") {
  const auto [way, expected] = GENERATE(Catch::Generators::table<std::string, double>(
      {{"resume", 0.9}, {"resample", std::exp(0.9) - 1.0}, {"run_on", -1.0}}));
  CAPTURE(way);
  double times = expected;
  if (way == "run_on") {
    times = 0.0;
    for (int k = 1; 90.0 - 8.0 * (k - 1) > 0.0; ++k) {
      const double x = 0.01 * (90.0 - 8.0 * (k - 1));  // share of Erlang(k) times below: 1 - sum of Poisson terms
      double below = 0.0, term = std::exp(-x);
      for (int j = 0; j < k; ++j) {
        below += term;
        term *= x / (j + 1);
      }
      times += 1.0 - below;
    }
  }
  Example example{"hold",
                  {{"on_return = \"resume\"", "on_return = \"" + way + "\""},
                   {"stay = { kind = \"exponential\", mean = \"90 d\" }", "stay = \"90 d\""},
                   {"stay = { kind = \"exponential\", mean = \"8 d\" }", "stay = \"8 d\""},
                   {"hold = \"10 d\"", "hold = \"30 d\""},
                   {"capacity = 6", "capacity = 200"}}};
  example.run(40);
  example.check("hospital stays of a resident", "event.falls_ill", "model.arrived", times, 0.06);
  CHECK(example.total("residential.claims_lapsed") == 0.0);
}

TEST_CASE("example: a hold of no length is no hold") {
  Example zero{"hold", {{"hold = \"10 d\"", "hold = \"0 d\""}}};
  Example none{"hold",
               {{"hold = \"10 d\"\non_return = \"resume\"\n", ""},
                {"to = \"return\"\nno_claim = \"leave:lost_the_bed\"", "to = \"leave:lost_the_bed\""}}};
  zero.run(3);
  none.run(3);
  CHECK(zero.total("residential.held_days") == 0.0);
  CHECK(none.total("reason.lost_the_bed") > 0.0);
  for (const char* sum : {"residential.census_days", "residential.admissions", "residential.refused",
                          "hospital.census_days", "reason.lost_the_bed", "reason.completed"}) {
    CAPTURE(sum);
    CHECK(zero.total(sum) == none.total(sum));
  }
}

// Boarders in the ward and in the nursing home. Only when all ten wait for a bed on the other side do two exchange
// places, and begin a stay each.
TEST_CASE("example: two full houses exchange clients") {
  Example example{"deadlock"};
  example.run(60);
  using Boarders = std::pair<int, int>;
  const Chain<Boarders> chain{{0, 0}, [](const Boarders& at) {
                                const auto [ward, nursing] = at;
                                Chain<Boarders>::Moves moves;
                                const auto go = [&](Boarders next, double rate) {
                                  moves.push_back({next == Boarders{4, 6} ? Boarders{3, 5} : next, rate});
                                };
                                if (ward < 4) go({ward + 1, nursing}, (4 - ward) / 10.0);
                                if (nursing < 6) go({ward, nursing + 1}, (6 - nursing) / 30.0);
                                return moves;
                              }};
  const auto share = chain.shares_until(10 * 365.25);
  const double ward = chain.mean(share, [](const Boarders& at) { return at.first; });
  const double nursing = chain.mean(share, [](const Boarders& at) { return at.second; });
  const double exchanges = chain.mean(share, [](const Boarders& at) {
    return (at == Boarders{3, 6} ? 1.0 / 10.0 : 0.0) + (at == Boarders{4, 5} ? 1.0 / 30.0 : 0.0);
  });
  example.check("clients boarding in the ward", "ward.boarding_days", "days", ward, 0.03);
  example.check("clients boarding in the nursing home", "nursing.boarding_days", "days", nursing, 0.03);
  example.check("clients who left the ward by an exchange, a day", "nursing.swaps", "days", exchanges, 0.1);
  example.check("beds taken in the ward", "ward.census_days", "days", 4.0, 0.01);
  example.check_page();
}

TEST_CASE("example: a deadlock that is to be reported stops the run and names the places") {
  Example example{"deadlock", {{"deadlock = \"swap\"", "deadlock = \"report\""}}};
  try {
    example.run(1);
    FAIL("nothing was reported");
  } catch (const ModelFault& fault) {
    CHECK(fault.settings.size() == 2);
    CHECK(fault.at_days > 0.0);
  }
}

namespace {

/// Clients in the line, in treatment in the emergency, boarding there, in crisis residential.
using Crisis = std::array<int, 4>;

Chain<Crisis> crises() {
  return Chain<Crisis>{{0, 0, 0, 0}, [](const Crisis& at) {
                         Chain<Crisis>::Moves moves;
                         const auto go = [&](Crisis next, double rate) {
                           auto& [line, treated, boards, residential] = next;
                           const int move = std::min(boards, 5 - residential);
                           boards -= move;
                           residential += move;
                           const int enter = std::min(line, 3 - treated - boards);
                           line -= enter;
                           treated += enter;
                           if (line <= 2) moves.emplace_back(next, rate);
                         };
                         const auto& [line, treated, boards, residential] = at;
                         go({line + 1, treated, boards, residential}, 1.8);
                         if (treated > 0) {
                           go({line, treated - 1, boards + 1, residential}, 0.5 * treated);
                           go({line, treated - 1, boards, residential}, 0.5 * treated);
                         }
                         if (residential > 0) go({line, treated, boards, residential - 1}, residential / 7.0);
                         return moves;
                       }};
}

}  // namespace

TEST_CASE("example: clients board where they are until the next place is free") {
  Example example{"boarding"};
  example.run(60);
  const auto chain = crises();
  const auto share = chain.steady();
  const auto mean = [&](std::size_t what) { return chain.mean(share, [=](const Crisis& at) { return at[what]; }); };
  example.check("clients boarding in the emergency", "emergency.boarding_days", "days", mean(2), 0.06);
  example.check("clients waiting to come in", "emergency.waiting_days", "days", mean(0), 0.055);
  example.check("clients in crisis residential", "residential.census_days", "days", mean(3), 0.03);
  example.check("share of crises diverted", "emergency.refused", "emergency.requests", 1.0 - mean(1) / 1.8, 0.065);
  example.check_page();
}

// A bed of residential care is taken from the referral on: for those lost only until they do not come. Arrivals from a
// hospital without limit are a Poisson stream, so Erlang's formula holds for whatever delays and stays.
TEST_CASE("example: the way between departments takes time and loses people") {
  Example example{"handoffs"};
  example.run(40);
  const double referred = 0.25, blocked = erlang_b(8, referred * (4.0 + 0.8 * 30.0)), flow = referred * (1.0 - blocked);
  example.check("share of referrals refused", "residential.refused", "residential.requests", blocked, 0.1);
  example.check("beds reserved for people on their way", "residential.reserved_days", "days", flow * 4.0, 0.035);
  example.check("people at home, referred", "at_home.census_days", "days", flow * 4.0, 0.035);
  example.check("people in residential care", "residential.census_days", "days", flow * 0.8 * 30.0, 0.03);
  example.check("share lost on the way", "residential.lost", "residential.requests - residential.refused", 0.2, 0.065);
  example.check("people in recuperation beds", "recuperation.census_days", "days", 2.5, 0.04);
  CHECK(example.total("recuperation.lost") == 0.0);
  CHECK(example.total("recuperation.reserved_days") == 0.0);
  example.check_page();
}

// By hand. Clients 1 to 6 come on days 1 to 6, the seventh waits in the line until a bed is free. On 1 March (day 59)
// three of six beds go: 1, 2 and 3 move out; the others stay their 100 days. The seventh finds the census at 3 until
// day 104, below it then.
TEST_CASE("example: a cut of beds and of stays, by hand") {
  const Example example{"cuts"};
  std::vector<std::string> ward, course;
  for (const std::string& line : example.moves()) {
    if (line.find("course") != std::string::npos)
      course.push_back(line.substr(0, line.find(' ')) + line.substr(line.find('>')));
    else
      ward.push_back(line);
  }
  CHECK(course == std::vector<std::string>{"0>course", "10>course", "20>course", "40>course", "45>leave:home",
                                           "50>leave:home", "55>leave:home", "70>leave:home"});
  const auto at = [&](const std::string& text) {
    return std::any_of(ward.begin(), ward.end(), [&](const std::string& line) {
      const std::size_t blank = line.find(' ');
      return line.substr(0, blank) + line.substr(line.find(' ', blank + 1)) == text;
    });
  };
  for (const char* text : {"1 >ward", "6 >ward", "59 ward>step_down", "79 step_down>leave:home", "104 ward>leave:home",
                           "105 ward>leave:home", "106 ward>leave:home", "104 ward.line>ward", "204 ward>leave:home"}) {
    INFO(text);
    CHECK(at(text));
  }
  CHECK(std::count_if(ward.begin(), ward.end(),
                      [](const std::string& line) { return line.find("ward>step_down") != std::string::npos; }) == 3);
}

TEST_CASE("example: a cut without discharge moves nobody out") {
  const Example example{"cuts", {{"on_cut = \"discharge\"\ncut_to = \"step_down\"\n", ""}}};
  for (const std::string& line : example.moves()) CHECK(line.find("step_down") == std::string::npos);
}
