#include "tests/catch.hpp"
#include "tests/sim/small_runs.hpp"

using namespace tl;
using namespace tl::testing;
using S = SettingSum;

namespace {

constexpr double kHour = 1.0 / 24.0;

CalendarId calendar(ModelBuilder& builder, double opens, double closes) {
  CompiledModel& model = builder.model;
  model.calendars.push_back({static_cast<std::uint32_t>(model.windows.size()), 1, SimTime::from_days(1.0)});
  model.windows.push_back({SimTime::from_days(opens), SimTime::from_days(closes)});
  return CalendarId{static_cast<std::uint32_t>(model.calendars.size() - 1)};
}
/// Open time, daily from `opens` to `closes`.
CurveId open_time(ModelBuilder& builder, double opens, double closes) {
  CompiledModel& model = builder.model;
  model.curves.push_back({static_cast<std::uint32_t>(model.knots.size()), 3, SimTime::from_days(1.0)});
  model.knots.push_back({SimTime{}, 0.0, 0.0, 0.0});
  model.knots.push_back({SimTime::from_days(opens), 0.0, 1.0, 0.0});
  model.knots.push_back({SimTime::from_days(closes), closes - opens, 0.0, 0.0});
  return CurveId{static_cast<std::uint32_t>(model.curves.size() - 1)};
}

/// A clinic for which clients come on the given days.
struct Clinic {
  ModelBuilder builder;
  Clinic(std::initializer_list<double> days, double stay_days, std::int64_t units) {
    const std::uint32_t clinic = builder.add_station(units, 1.0);
    builder.model.settings[clinic].stay = builder.stay(constant_value(stay_days));
    builder.model.settings[clinic].choices = builder.choices({{builder.leave(0), 1.0}});
    arrive_on(builder, 7, days, builder.choices({{builder.move(clinic, Waiting::line), 1.0}}));
    builder.add_lines();
    builder.horizon(10.0);
  }
};

}  // namespace

TEST_CASE("outside the hours of admission nobody is admitted, and the wait has that cause") {
  Clinic clinic{{0.0, 12 * kHour, 18 * kHour}, 0.1, 10};
  more_of(clinic.builder.model, 1).admits = calendar(clinic.builder, 8 * kHour, 17 * kHour);
  const ReplicationResult r = run_once(clinic.builder.model);
  CHECK(total(r, 1, S::admissions) == 3.0);
  CHECK(total(r, 1, S::wait_days) == Approx((8 + 0 + 14) * kHour));
  CHECK(total(r, 1, S::waiting_closed_days) == Approx(22 * kHour));
}

TEST_CASE("a stay that fills the open hours to the end is over when they close") {
  for (const double opens : {8 * kHour, 9.1 * kHour}) {
    Clinic clinic{{opens}, 9 * kHour, 10};
    more_of(clinic.builder.model, 1).serves = open_time(clinic.builder, opens, opens + 9 * kHour);
    CHECK(total(run_once(clinic.builder.model), 1, S::census_days) == Approx(9 * kHour).margin(1e-9));
  }
  Clinic longer{{8 * kHour}, 9.5 * kHour, 10};
  more_of(longer.builder.model, 1).serves = open_time(longer.builder, 8 * kHour, 17 * kHour);
  CHECK(total(run_once(longer.builder.model), 1, S::census_days) == Approx(24.5 * kHour).margin(1e-9));
}

TEST_CASE("hours over midnight") {
  Clinic clinic{{1.0 + 12 * kHour, 2.0 + 3 * kHour, 3.0 + 7 * kHour}, 0.1, 10};
  more_of(clinic.builder.model, 1).admits = calendar(clinic.builder, 22 * kHour, 30 * kHour);
  CHECK(total(run_once(clinic.builder.model), 1, S::wait_days) == Approx((10 + 0 + 15) * kHour));
}

TEST_CASE("at an instant of admission the queue is served as far as units go, and then it is closed again") {
  Clinic clinic{{0.5, 0.6, 0.7, 1.0}, 0.25, 2};
  more_of(clinic.builder.model, 1).admits = calendar(clinic.builder, 0.0, 0.0);
  const ReplicationResult r = run_once(clinic.builder.model);
  // Two on day 1, though the third's unit is free from 1.25, and one arrived at the very instant: two more on day 2.
  CHECK(total(r, 1, S::wait_days) == Approx(0.5 + 0.4 + 1.3 + 1.0));
  CHECK(total(r, 1, S::waiting_closed_days) == Approx(0.5 + 0.4 + 1.3 + 1.0));
}

TEST_CASE("a stay's clock stands still outside the hours of service") {
  Clinic clinic{{12 * kHour}, 9 * kHour, 1};
  more_of(clinic.builder.model, 1).serves = open_time(clinic.builder, 8 * kHour, 17 * kHour);
  const ReplicationResult r = run_once(clinic.builder.model);
  CHECK(total(r, 1, S::census_days) == Approx(1.0));  // five hours on the first day, four on the second
  CHECK(total(r, 1, S::stay_drawn_days) == Approx(9 * kHour));
  // a discharge delay likewise: two hours more
  Route delayed;
  delayed.kind = RouteKind::leave;
  delayed.reason = ReasonId{0};
  delayed.delay = clinic.builder.stay(constant_value(7 * kHour));
  clinic.builder.model.settings[1].choices = clinic.builder.choices({{clinic.builder.add_route(delayed), 1.0}});
  CHECK(total(run_once(clinic.builder.model), 1, S::discharge_delay_days) == Approx((5 + 15 + 2) * kHour));
}

TEST_CASE("a program's clock stands still outside its hours") {
  ModelBuilder builder;
  const std::uint32_t program = builder.add_setting(SettingKind::program, 5);
  Route ended;
  builder.model.settings[program].stay = builder.stay(constant_value(2.0));
  builder.model.settings[program].choices = builder.choices({{builder.add_route(ended), 1.0}});
  arrive_on(builder, 7, {0.5}, builder.choices({{builder.move(program, Waiting::in_place), 1.0}}));
  builder.horizon(20.0);
  more_of(builder.model, program).serves = open_time(builder, 0.25, 0.75);
  CHECK(total(run_once(builder.model), program, S::census_days) == Approx(4.0 + 0.25 - 0.5 + 0.25));
}

TEST_CASE("those there at the start for a known time have that behind them") {
  ModelBuilder builder;
  const std::uint32_t ward = builder.add_setting(SettingKind::place, kUnlimited);
  builder.model.settings[ward].stay = builder.stay(constant_value(30.0));
  builder.model.settings[ward].choices = builder.choices({{builder.leave(0), 1.0}});
  InitialGroup row;
  row.draw_id = 5;
  row.first_ordinal = 3;
  row.count = 1;
  row.place = SettingId{ward};
  row.start_stay = StartStay::since;
  row.least_days = 12.0;
  builder.model.initial.push_back(row);
  builder.horizon(100.0);
  const ReplicationResult r = run_once(builder.model);
  CHECK(total(r, ward, S::census_days) == Approx(18.0));
  CHECK(total(r, ward, S::stay_days) == Approx(30.0));
}
