#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "models/compile.hpp"
#include "models/read_model.hpp"
#include "models/staff_numbers.hpp"
#include "sim/simulation.hpp"
#include "tests/catch.hpp"
#include "tests/models/language_text.hpp"
#include "tests/scenarios/published.hpp"

// Staff from text to sums: budgets, vacancies, who gets how many, what that carries.
using namespace tl;
using tl::small::compiled_from;

namespace {

const std::string kWard = R"(
[settings.ward]
capacity = 20
stay = { kind = "exponential", mean = "2 d" }
next = "leave:served"
[arrivals.client]
rate = "8 / d"
to = "ward"
)";

ReplicationResult run_once(const Compiled& made, std::uint64_t replication = 0) {
  Simulation simulation{made.model};
  ReplicationResult result;
  simulation.run(1, replication, nullptr, result);
  return result;
}
ReplicationResult run_once(const std::string& text, std::uint64_t replication = 0) {
  return run_once(compiled_from(text), replication);
}

double of(const ReplicationResult& result, std::size_t period, std::size_t pool, StaffSum which) {
  return result.staff[(period * result.staff_count + pool) * kStaffSums.size() + static_cast<std::size_t>(which)];
}
double of(const ReplicationResult& result, std::size_t period, std::size_t row, StaffingSum which) {
  return result
      .staffing[(period * result.staffing_count + row) * kStaffingSums.size() + static_cast<std::size_t>(which)];
}

}  // namespace

TEST_CASE("staff who never leave carry what their number says, rounded down to whole clients") {
  const auto [fte, units] = GENERATE(
      table<std::string, double>({{"3", 18.0}, {"2.5", 15.0}, {"2.4", 14.0}, {"0.1", 0.0}, {"0", 0.0}, {"9", 20.0}}));
  const ReplicationResult result = run_once(
      "[model]\nhorizon = \"10 d\"\nevery = \"10 d\"\n[staff.nurse]\nrole = \"nurse\"\nfte = " + fte + "\n" + kWard +
      "[[staffing]]\nsetting = \"ward\"\nstaff = \"nurse\"\nclients_per_fte = 6\nstandard_clients_per_fte = 4\n");
  INFO(fte << " FTE");
  CHECK(result.sum(0, 1, SettingSum::capacity_days) == Approx(10.0 * units));
  CHECK(of(result, 0, 0, StaffSum::budgeted_days) == Approx(10.0 * std::stod(fte)));
  CHECK(of(result, 0, 0, StaffSum::vacant_days) == 0.0);
  CHECK(of(result, 0, 0, StaffSum::needed_physical_days) == Approx(10.0 * 20.0 / 6.0).epsilon(1e-6));
  const double census = result.sum(0, 1, SettingSum::census_days);
  CHECK(of(result, 0, 0, StaffSum::needed_census_days) == Approx(census / 6.0).margin(1e-4));
  CHECK(of(result, 0, 0, StaffSum::needed_standard_days) == Approx(census / 4.0).margin(1e-4));
  CHECK(of(result, 0, 0, StaffSum::used_days) <= of(result, 0, 0, StaffSum::assigned_days));
  CHECK(of(result, 0, 0, StaffingSum::lost_days) == Approx(10.0 * (20.0 - units)));
  CHECK(of(result, 0, 0, StaffingSum::bound_days) == Approx(units < 20.0 ? 10.0 : 0.0));
}

TEST_CASE("staff who are not a limit are needed all the same, and hold nobody back") {
  const auto run_of = [](const std::string& settings, const std::string& limits) {
    return run_once("[model]\nhorizon = \"50 d\"\nevery = \"50 d\"\n[staff.nurse]\nrole = \"nurse\"\nfte = 1\n" +
                    settings + "[[staffing]]\nsetting = \"ward\"\nstaff = \"nurse\"\nclients_per_fte = 6\n" + limits);
  };
  std::string unlimited = kWard;
  unlimited.replace(unlimited.find("capacity = 20"), 13, "capacity = \"unlimited\"");
  for (const std::string& ward : {std::string{kWard}, unlimited}) {
    const ReplicationResult held = run_of(ward, ""), open = run_of(ward, "limits = \"no\"\n");
    CHECK(held.sum(0, 1, SettingSum::admissions) < open.sum(0, 1, SettingSum::admissions));
    CHECK(held.sum(0, 1, SettingSum::census_days) <= 50.0 * 6.0);
    const double census = open.sum(0, 1, SettingSum::census_days);
    CHECK(census > 50.0 * 6.0);
    CHECK(of(open, 0, 0, StaffSum::needed_census_days) == Approx(census / 6.0).epsilon(1e-4));
    CHECK(of(open, 0, 0, StaffSum::used_days) <= 50.0);
    CHECK(of(open, 0, 0, StaffingSum::bound_days) == 0.0);
    CHECK(of(open, 0, 0, StaffingSum::lost_days) == 0.0);
  }
}

TEST_CASE("a part of the population has all the staff, each with a part of the clients") {
  const auto text = [](const std::string& scale) {
    return "[model]\nhorizon = \"2 y\"\nevery = \"1 y\"\npopulation_scale = " + scale +
           "\n[staff.nurse]\nrole = \"nurse\"\nfte = 4\nturnover = \"1 / y\"\ntime_to_hire = \"95 d\"\nsalary = "
           "100000\n"
           "[settings.ward]\ncapacity = 40\nstay = { kind = \"exponential\", mean = \"9 d\" }\nnext = "
           "\"leave:served\"\n"
           "[arrivals.client]\nrate = \"4 / d\"\nto = \"ward\"\n"
           "[[staffing]]\nsetting = \"ward\"\nstaff = \"nurse\"\nclients_per_fte = 10\n";
  };
  for (std::uint64_t replication = 0; replication < 3; ++replication) {
    const ReplicationResult whole = run_once(compiled_from(text("1")), replication),
                            part = run_once(compiled_from(text("0.1")), replication);
    for (std::size_t period = 0; period < 2; ++period) {
      for (const StaffSum which : {StaffSum::budgeted_days, StaffSum::employed_days, StaffSum::vacant_days,
                                   StaffSum::needed_physical_days, StaffSum::hires, StaffSum::leavers})
        CHECK(of(part, period, 0, which) == of(whole, period, 0, which));
      CHECK(of(part, period, 0, StaffingSum::bound_days) == of(whole, period, 0, StaffingSum::bound_days));
      CHECK(10.0 * part.sum(period, 1, SettingSum::capacity_days) ==
            Approx(whole.sum(period, 1, SettingSum::capacity_days)));
      CHECK(10.0 * part.costs[period] == Approx(whole.costs[period]));
    }
    CHECK(of(whole, 0, 0, StaffSum::vacant_days) > 0.0);
  }
}

TEST_CASE("a post round the clock takes more than four people") {
  StaffSpec nurse;
  CHECK(relief_factor(nurse, {}) == Approx(4.2));
  nurse.leave = 0.12;
  nurse.training = 0.03;
  CHECK(relief_factor(nurse, {}) == Approx(168.0 / 34.0));
  CHECK(relief_factor(nurse, {{8.0, 16.0}, {32.0, 40.0}}) == Approx(16.0 / 34.0));
  // 2 posts for each 10 clients: a step of 9.88 FTE carries 10; 15 FTE carry one step, 20 FTE two.
  const auto [fte, units] = GENERATE(table<std::string, double>({{"15", 10.0}, {"19.76", 10.0}, {"19.77", 20.0}}));
  const ReplicationResult result = run_once(
      "[model]\nhorizon = \"10 d\"\nevery = \"10 d\"\n[staff.nurse]\nrole = \"nurse\"\nleave = 0.12\ntraining = 0.03\n"
      "fte = " +
      fte + "\n" + kWard + "[[staffing]]\nsetting = \"ward\"\nstaff = \"nurse\"\nposts = 2\nclients_per_post = 10\n");
  CHECK(result.sum(0, 1, SettingSum::capacity_days) == Approx(10.0 * units));
  CHECK(of(result, 0, 0, StaffSum::needed_physical_days) == Approx(10.0 * 4.0 * 168.0 / 34.0).epsilon(1e-6));
}

TEST_CASE("settings share a pool by order or in proportion to what they need") {
  const std::string rows = R"(
[settings.clinic]
capacity = 60
stay = "1 d"
next = "leave:served"
[[staffing]]
setting = "clinic"
staff = "nurse"
clients_per_fte = 6
[[staffing]]
setting = "ward"
staff = "nurse"
clients_per_fte = 2
)";
  const auto units = [&](const std::string& more) {
    const ReplicationResult result =
        run_once("[model]\nhorizon = \"10 d\"\nevery = \"10 d\"\n[staff.nurse]\nrole = \"nurse\"\nfte = 15\n" + more +
                 kWard + rows);
    return std::pair{result.sum(0, 1, SettingSum::capacity_days) / 10.0,
                     result.sum(0, 2, SettingSum::capacity_days) / 10.0};
  };
  // both need 10 FTE
  CHECK(units("") == std::pair{15.0, 45.0});
  CHECK(units("share = \"order\"\n") == std::pair{10.0, 60.0});  // file order: the clinic's row comes first
  CHECK(units("order = [\"ward\"]\n") == std::pair{20.0, 30.0});
}

TEST_CASE("a setting of two roles has the units of the scarcer one, and says which") {
  const ReplicationResult result = run_once(
      "[model]\nhorizon = \"10 d\"\nevery = \"10 d\"\n[staff.nurse]\nrole = \"nurse\"\nfte = 3\n"
      "[staff.doctor]\nrole = \"psychiatrist\"\nfte = 0.5\n" +
      kWard +
      "[[settings.ward.staffing]]\nstaff = \"nurse\"\nclients_per_fte = 5\n"
      "[[settings.ward.staffing]]\nstaff = \"doctor\"\nclients_per_fte = 18\n");
  CHECK(result.sum(0, 1, SettingSum::capacity_days) == Approx(90.0));
  CHECK(of(result, 0, 0, StaffingSum::bound_days) == 0.0);
  CHECK(of(result, 0, 1, StaffingSum::bound_days) == Approx(10.0));
  CHECK(of(result, 0, 0, StaffingSum::carried_days) == Approx(150.0));
  CHECK(of(result, 0, 1, StaffingSum::lost_days) == Approx(110.0));
}

TEST_CASE("a budget that rises starts hiring; one that falls cancels vacancies first, then the surplus leave") {
  const Compiled made = compiled_from(R"(
[model]
horizon = "40 d"
every = "10 d"
[staff.nurse]
role = "nurse"
time_to_hire = "5 d"
[staff.nurse.fte]
base = 4
dated = [ { at = "10 d", value = 6.5 }, { at = "12 d", value = 6 }, { at = "20 d", value = 2 } ]
)" + kWard + "[[staffing]]\nsetting = \"ward\"\nstaff = \"nurse\"\nclients_per_fte = 2\n");
  const ReplicationResult result = run_once(made);
  CHECK(of(result, 0, 0, StaffSum::employed_days) == Approx(40.0));
  // day 10: three posts sought, one of half an FTE; day 12: the half one is given up; day 15: two people come
  CHECK(of(result, 1, 0, StaffSum::budgeted_days) == Approx(2 * 6.5 + 8 * 6.0));
  CHECK(of(result, 1, 0, StaffSum::employed_days) == Approx(5 * 4.0 + 5 * 6.0));
  CHECK(of(result, 1, 0, StaffSum::hires) == 2.0);
  CHECK(of(result, 1, 0, StaffSum::peak_vacant) == Approx(2.5));
  CHECK(of(result, 1, 0, StaffSum::employed_at_end) == Approx(6.0));
  CHECK(of(result, 2, 0, StaffSum::employed_days) == Approx(20.0));
  CHECK(of(result, 2, 0, StaffSum::let_go) == 4.0);
  CHECK(of(result, 2, 0, StaffSum::leavers) == 0.0);
  CHECK(of(result, 3, 0, StaffSum::peak_employed) == Approx(2.0));
}

TEST_CASE("vacancy in the long run is turnover times time over one more") {
  CHECK(long_run_vacancy(0.0, 10.0, 5, 0) == 0.0);
  CHECK(long_run_vacancy(0.01, 25.0, 13, 0) == Approx(0.2));
  CHECK(long_run_vacancy(0.01, 25.0, 13, 13) == Approx(0.2));
  CHECK(long_run_vacancy(0.01, INFINITY, 13, 2) == 1.0);
  CHECK(20.0 * long_run_vacancy(0.01, 10.0, 20, 2) == Approx(3.452094).epsilon(1e-6));
  CHECK(long_run_vacancy(0.5, 100.0, 100'000, 3) == Approx(1.0).margin(1e-4));  // nearly all, and no overflow
}

TEST_CASE("a lowered number of staff evicts nobody, and waiting for a unit without staff is told as such") {
  const ReplicationResult result = run_once(R"(
[model]
horizon = "20 d"
every = "10 d"
[staff.nurse]
role = "nurse"
[staff.nurse.fte]
base = 10
dated = [ { at = "10 d", value = 0 } ]
)" + kWard + "[[staffing]]\nsetting = \"ward\"\nstaff = \"nurse\"\nclients_per_fte = 2\n");
  using S = SettingSum;
  CHECK(result.sum(0, 1, S::waiting_staff_days) == 0.0);
  CHECK(result.sum(1, 1, S::admissions) == 0.0);
  CHECK(result.sum(1, 1, S::census_days) > 10.0);  // those who are there stay to the end of their stay
  CHECK(result.sum(1, 1, S::capacity_days) == 0.0);
  CHECK(result.sum(1, 1, S::waiting_staff_days) > 0.0);
  CHECK(result.sum(1, 1, S::waiting_staff_days) < result.sum(1, 1, S::waiting_days));
  double causes = 0.0;
  for (auto cause = S::waiting_in_handoff_days; cause <= S::waiting_held_days;
       cause = static_cast<S>(static_cast<std::size_t>(cause) + 1))
    causes += result.sum(1, 1, cause);
  CHECK(causes == Approx(result.sum(1, 1, S::waiting_staff_days)));
}

TEST_CASE("a program with no limit but its staff lets clients wait for them") {
  const ReplicationResult result = run_once(R"(
[model]
horizon = "200 d"
every = "200 d"
[staff.worker]
role = "case manager"
fte = 2
[settings.fsp]
kind = "program"
capacity = "unlimited"
stay = { kind = "exponential", mean = "30 d" }
next = "end"
staffing = [ { staff = "worker", clients_per_fte = 10 } ]
[settings.street]
capacity = "unlimited"
stay = "90 d"
next = "leave:home"
[arrivals.client]
rate = "2 / d"
to = "street"
do = "request fsp"
)");
  CHECK(result.sum(0, 1, SettingSum::capacity_days) == Approx(20.0 * 200.0));
  CHECK(result.sum(0, 1, SettingSum::waiting_staff_days) == Approx(result.sum(0, 1, SettingSum::waiting_days)));
  CHECK(result.sum(0, 1, SettingSum::waiting_days) > 0.0);
  CHECK(of(result, 0, 0, StaffingSum::bound_days) == Approx(200.0));
  CHECK(of(result, 0, 0, StaffingSum::needed_physical_days) == 0.0);
}

TEST_CASE("one more post changes nobody else's time in it") {
  const auto leavers = [](const std::string& fte) {
    const ReplicationResult result = run_once(
        "[model]\nhorizon = \"2000 d\"\nevery = \"2000 d\"\n[staff.nurse]\nrole = \"nurse\"\nturnover = \"0.01 / d\"\n"
        "time_to_hire = \"20 d\"\nvacant_at_start = 0\nfte = " +
        fte + "\n" + kWard);
    return std::pair{of(result, 0, 0, StaffSum::leavers), of(result, 0, 0, StaffSum::employed_days)};
  };
  const auto four = leavers("4"), five = leavers("5"), one = leavers("1");
  CHECK(five.first >= four.first);
  CHECK(five.second - four.second <= 2000.0 + 1e-6);
  CHECK(five.second > four.second);
  CHECK(four.first > one.first);
}

TEST_CASE("levers, scenarios and the command line change numbers of staff") {
  const std::string text =
      "[staff.nurse]\nrole = \"nurse\"\nfte = 3\nturnover = \"0.2 / y\"\ntime_to_hire = { kind = \"exponential\", mean "
      "= "
      "\"90 d\" }\nsalary = \"$118,000\"\nbenefits = 0.35\n" +
      kWard + "[[settings.ward.staffing]]\nstaff = \"nurse\"\nclients_per_fte = 6\n";
  Problems problems;
  const Document document = read_toml_text(text, "model.toml", {}, problems);
  const auto changed = [&](Change::Kind kind, const std::string& path, const std::string& value) {
    Change change;
    change.kind = kind;
    change.path = path;
    change.value.text = value;
    Problems found;
    auto model = build_model(document, std::vector{change}, {}, found);
    INFO(path << ":\n" << to_text(found));
    REQUIRE(model);
    return std::move(*model);
  };
  CHECK(changed(Change::Kind::add, "staff.nurse.fte", "2").staff[0].fte.base == 5.0);
  CHECK(changed(Change::Kind::set, "staff.nurse.fte", "7.5").staff[0].fte.base == 7.5);
  CHECK(changed(Change::Kind::scale, "staff.nurse.turnover", "0.5").staff[0].turnover->base == Approx(0.1 / 365.25));
  CHECK(changed(Change::Kind::scale, "staff.nurse.time_to_hire", "0.5").staff[0].time_to_hire->mean->base == 45.0);
  CHECK(changed(Change::Kind::set, "staff.nurse.time_to_hire.mean", "60 d").staff[0].time_to_hire->mean->base == 60.0);
  CHECK(changed(Change::Kind::scale, "staff.nurse.salary", "2").staff[0].salary->base == 236'000.0);
  CHECK(changed(Change::Kind::set, "staffing.ward.nurse.clients_per_fte", "5").staffing[0].clients.base == 5.0);
  Problems found;
  Change wrong;
  wrong.path = "settings.ward.staffing.nurse.clients_per_fte";
  wrong.value.text = "5";
  CHECK_FALSE(build_model(document, std::vector{wrong}, {}, found));
  CHECK_THAT(to_text(found), Catch::Contains("Write staffing.ward.nurse.clients_per_fte."));
}

TEST_CASE("a lever with a date changes how many clients staff carry from then on") {
  const Compiled made = compiled_from(
      "[model]\nhorizon = \"20 d\"\nevery = \"10 d\"\n[staff.nurse]\nrole = \"nurse\"\nfte = 2\n" + kWard +
      "[[staffing]]\nsetting = \"ward\"\nstaff = \"nurse\"\n[staffing.clients_per_fte]\nbase = 4\n"
      "dated = [ { at = \"10 d\", value = 6 } ]\n");
  const ReplicationResult result = run_once(made);
  CHECK(result.sum(0, 1, SettingSum::capacity_days) == Approx(80.0));
  CHECK(result.sum(1, 1, SettingSum::capacity_days) == Approx(120.0));
}

TEST_CASE("a model with staff pools that no setting needs gives clients the same to the bit") {
  const Compiled without = compiled_from("[model]\nhorizon = \"100 d\"\n" + kWard);
  const Compiled with = compiled_from(
      "[model]\nhorizon = \"100 d\"\n[staff.clerk]\nrole = \"clerk\"\nfte = 12\n"
      "turnover = \"1 / y\"\ntime_to_hire = \"30 d\"\n" +
      kWard);
  const ReplicationResult a = run_once(without), b = run_once(with);
  CHECK(a.settings == b.settings);
  CHECK(a.model == b.model);
  CHECK(a.staff.empty());
  CHECK(b.staff.size() == b.period_count * kStaffSums.size());
}

// ---- the clinic of two shifts, solved without the engine

namespace {

/// Clients in a room and waiting, over a day: Poisson arrivals, exponential visits, so many staff by day and by night.
/// By uniformisation from shift to shift, until the days repeat.
class TwoShifts {
 public:
  static constexpr double kArrivals = 30.0, kVisits = 12.0;  // a day
  static constexpr int kByDay = 4, kByNight = 2, kQueue = 6, kRooms = 6;
  struct Means {
    double census = 0.0, waiting = 0.0, without_staff = 0.0, refused = 0.0;  ///< refused: a day
    double at_8 = 0.0, at_20 = 0.0;                                          ///< in a room, just before
  };

  Means solve() {
    Chances now{};
    now[0] = 1.0;
    for (int day = 0; day < 60; ++day) {
      means_ = {};
      now = shift(start(now, kByDay), kByDay);
      means_.at_20 = in_room(now);
      now = shift(start(now, kByNight), kByNight);
      means_.at_8 = in_room(now);
    }
    return means_;
  }

 private:
  static constexpr int kStates = (kByDay + 1) * (kQueue + 1);
  using Chances = std::array<double, kStates>;
  static int row(int in, int waiting) { return in * (kQueue + 1) + waiting; }

  /// Those waiting go in as far as there is staff.
  static int settled(int in, int waiting, int staff) {
    while (in < staff && waiting > 0) ++in, --waiting;
    return row(in, waiting);
  }
  static Chances start(const Chances& from, int staff) {
    Chances to{};
    for (int in = 0; in <= kByDay; ++in)
      for (int waiting = 0; waiting <= kQueue; ++waiting)
        to[static_cast<std::size_t>(settled(in, waiting, staff))] += from[static_cast<std::size_t>(row(in, waiting))];
    return to;
  }
  static double in_room(const Chances& chances) {
    double mean = 0.0;
    for (int in = 0; in <= kByDay; ++in)
      for (int waiting = 0; waiting <= kQueue; ++waiting)
        mean += in * chances[static_cast<std::size_t>(row(in, waiting))];
    return mean;
  }
  /// One step of the chain in which every state has the same rate of change.
  static Chances step(const Chances& from, int staff, double rate) {
    Chances to = from;
    const auto move = [&](int a, int b, double by) {
      to[static_cast<std::size_t>(a)] -= from[static_cast<std::size_t>(a)] * by / rate;
      to[static_cast<std::size_t>(b)] += from[static_cast<std::size_t>(a)] * by / rate;
    };
    for (int in = 0; in <= kByDay; ++in)
      for (int waiting = 0; waiting <= kQueue; ++waiting) {
        if (in < staff && waiting == 0)
          move(row(in, waiting), row(in + 1, 0), kArrivals);
        else if (waiting < kQueue)
          move(row(in, waiting), row(in, waiting + 1), kArrivals);
        if (in > 0) move(row(in, waiting), settled(in - 1, waiting, staff), in * kVisits);
      }
    return to;
  }
  /// Half a day; adds what is met on the way.
  Chances shift(Chances now, int staff) {
    constexpr double kHalf = 0.5;
    const double rate = kArrivals + kByDay * kVisits, steps = rate * kHalf;
    Chances end{};
    double chance = std::exp(-steps), so_far = chance;
    for (int k = 0; k < 200; ++k) {
      const double time = std::max(0.0, 1.0 - so_far) / rate;
      for (int in = 0; in <= kByDay; ++in)
        for (int waiting = 0; waiting <= kQueue; ++waiting) {
          const double p = now[static_cast<std::size_t>(row(in, waiting))];
          means_.census += time * p * in;
          means_.waiting += time * p * waiting;
          means_.without_staff += time * p * std::min(waiting, std::max(0, kRooms - std::max(staff, in)));
          if (waiting == kQueue) means_.refused += time * p * kArrivals;
        }
      for (std::size_t s = 0; s < end.size(); ++s) end[s] += chance * now[s];
      now = step(now, staff, rate);
      chance *= steps / (k + 1);
      so_far += chance;
    }
    return end;
  }
  Means means_;
};

}  // namespace

TEST_CASE("the references of staff in the validation table are those of their own solutions") {
  const TwoShifts::Means shifts = TwoShifts{}.solve();
  const double vacant = 20.0 * long_run_vacancy(0.01, 10.0, 20, 2);
  const std::map<std::string, double> expected{
      {"per_day(clinic, census_days)", shifts.census},
      {"per_day(clinic, waiting_days)", shifts.waiting},
      {"per_day(clinic, waiting_staff_days)", shifts.without_staff},
      {"ratio(clinic, refused, requests)", shifts.refused / TwoShifts::kArrivals},
      {"observed_mean(clinic, 200.333333 d)", shifts.at_8},
      {"observed_mean(clinic, 200.833333 d)", shifts.at_20},
      {"staff_per_day(nurse, employed_days)", 20.0 - vacant},
      {"staff_per_day(nurse, vacant_days)", vacant},
      {"staff_per_day(nurse, hires)", 0.01 * (20.0 - vacant)},
      {"per_day(ward, capacity_days)", 20.0 - vacant},
      {"staff_per_day(aide, employed_days)", 12.5 / 1.25}};
  std::size_t seen = 0;
  for (const auto& each : tl::testing::read_published_cases()) {
    if (each.id != "S1" && each.id != "S2") continue;
    INFO(each.measure);
    REQUIRE(expected.contains(each.measure));
    CHECK(each.reference == Approx(expected.at(each.measure)).margin(6e-7));
    ++seen;
  }
  CHECK(seen == expected.size());
}
