#include <cmath>
#include <map>

#include "tests/catch.hpp"
#include "tests/sim/engine_models.hpp"

using namespace tl;
using namespace tl::testing;

namespace {

EngineBuilder one_bed(Preempt how) {
  EngineBuilder builder;
  const std::uint32_t bed = builder.add_place(1);
  builder.stays(bed, 4.0, builder.leave(0));
  builder.model.settings[bed].rank = builder.ranks(1, {0, 1});
  builder.model.settings[bed].rank_count = 2;
  builder.more(bed).preempt = how;
  builder.more(bed).occupants_known = true;
  return builder;
}

}  // namespace

TEST_CASE("a better class takes the bed, and the preempted go on as the setting says") {
  for (const Preempt how : {Preempt::never, Preempt::resume, Preempt::resample, Preempt::restart}) {
    EngineBuilder builder = one_bed(how);
    const RouteId in = builder.move(1, Waiting::line);
    builder.arrive_on(7, {0.0}, in, 1);  // client 1, the worse class
    builder.arrive_on(8, {1.0}, in, 0);  // client 2, the better one: day 1 to 5
    builder.arrive_on(9, {0.5}, in, 1);  // client 3 by number 2: of the worse class, behind 1
    builder.add_lines();
    const Run run = run_watched(builder, 30.0);
    // numbers are by arrival: 1 on day 0, 2 on day 0.5 (worse), 3 on day 1 (better)
    std::map<std::uint32_t, double> left(run.diary.leaves.begin(), run.diary.leaves.end());
    const bool never = how == Preempt::never;
    CHECK(left[3] == (never ? 8.0 : 5.0));
    CHECK(left[1] == (never ? 4.0 : how == Preempt::resume ? 8.0 : 9.0));
    CHECK(left[2] == (never ? 12.0 : how == Preempt::resume ? 12.0 : 13.0));
    CHECK(run.sum(1, SettingSum::preempted) == (never ? 0.0 : 1.0));
    if (how == Preempt::resume) CHECK(run.sum(1, SettingSum::stay_drawn_days) == Approx(12.0));
    CHECK(run.sum(1, SettingSum::wait_days) == Approx(never                    ? 3.5 + 7.0
                                                      : how == Preempt::resume ? 4.0 + 7.5
                                                                               : 4.0 + 8.5)
                                                   .margin(never ? 7.0 : 1e-9));
  }
}

TEST_CASE("preemption goes to the worst class, of it to whoever came last, and past a full queue") {
  EngineBuilder builder;
  const std::uint32_t ward = builder.add_place(3);
  builder.stays(ward, 50.0, builder.leave(0));
  builder.model.settings[ward].rank = builder.ranks(2, {0, 1, 2, 2});
  builder.model.settings[ward].rank_count = 3;
  builder.model.settings[ward].limit = builder.number(0.0);
  builder.model.settings[ward].on_refuse = builder.leave(1);
  builder.model.settings[ward].turnaround = builder.stay(constant_value(1.0));
  const std::uint32_t hall = builder.add_place(kUnlimited);
  builder.more(ward).preempt = Preempt::resume;
  builder.more(ward).occupants_known = true;
  builder.more(ward).preempted_to = SettingId{hall};
  const RouteId in = builder.move(ward, Waiting::line);
  builder.arrive_on(7, {0.0, 1.0}, in, 2);  // clients 1 and 2: the worst class
  builder.arrive_on(8, {2.0, 5.0}, in, 1);  // client 3, and 6 who finds nobody worse but one
  builder.arrive_on(9, {3.0, 4.0}, in, 0);  // clients 4 and 5
  builder.add_lines();
  const Run run = run_watched(builder, 20.0);
  CHECK(run.diary.day_in(2, hall) == 3.0);
  CHECK(run.diary.day_in(1, hall) == 4.0);
  CHECK(run.diary.day_in(4, ward) == 3.0);
  CHECK(run.diary.day_in(5, ward) == 4.0);
  CHECK(run.sum(ward, SettingSum::preempted) == 2.0);
  CHECK(run.sum(ward, SettingSum::refused) == 1.0);  // client 6: nobody is worse than class 1
  CHECK(run.sum(ward, SettingSum::turnaround_days) == 0.0);
}

TEST_CASE("a preemptive-resume queue has the times in system that theory gives", "[statistical]") {
  // M/M/1, two classes at .3 and .5, mean stay 1: W 1/(1−.3) = 1.428571 and 1/((1−.3)(1−.8)) = 7.142857.
  EngineBuilder builder = one_bed(Preempt::resume);
  builder.model.settings[1].stay = builder.stay(exponential_by_mean(1.0));
  const TableId in = builder.choices({{builder.move(1, Waiting::line), 1.0}});
  builder.arrivals(20, 0.3, in);
  builder.arrivals(21, 0.5, in);
  builder.model.arrivals[1].traits = 1;
  builder.add_lines();
  builder.model.more.resize(builder.model.settings.size());
  builder.horizon(10'000.0);
  struct Times : Watcher {
    std::map<std::uint32_t, std::pair<std::uint32_t, double>> here;
    double spent[2] = {}, gone[2] = {};
    void entered(std::uint32_t number, const ClientKey& key, SimTime at) override {
      here[number] = {key.stream - 20, at.days()};
    }
    void left(std::uint32_t number, ReasonId, SimTime at) override {
      const auto [stream, since] = here[number];
      spent[stream] += at.days() - since;
      ++gone[stream];
      here.erase(number);
    }
  };
  const double expected[] = {1.428571, 7.142857};
  const int runs = 40;
  double sums[2] = {}, squares[2] = {};
  Simulation simulation{builder.model};
  for (int i = 0; i < runs; ++i) {
    Times times;
    simulation.watch(&times);
    ReplicationResult r;
    simulation.run(1, static_cast<std::uint64_t>(i), nullptr, r);
    for (int k = 0; k < 2; ++k) {
      const double mean = times.spent[k] / times.gone[k];
      sums[k] += mean;
      squares[k] += mean * mean;
    }
  }
  for (int k = 0; k < 2; ++k) {
    const double mean = sums[k] / runs, error = std::sqrt((squares[k] / runs - mean * mean) / (runs - 1));
    INFO(k << ": " << mean << " expected " << expected[k] << " error " << error);
    CHECK(std::abs(mean - expected[k]) < 5.9 * error + 0.01);  // t with 39 degrees of freedom, false alarm 1e-6
    CHECK(error < 0.03 * expected[k]);
  }
}
