#include "tests/catch.hpp"
#include "tests/models/small_models.hpp"

using namespace tl;
using namespace tl::small;

namespace {

Compiled compiled(const Model& model) {
  Problems problems;
  auto made = compile(model, Limits{}, problems);
  INFO(text_of(problems));
  REQUIRE(made.has_value());
  return std::move(*made);
}
/// Whether the model is refused with this message.
bool refused_as(const Model& model, std::string_view code, const Limits& limits = {}) {
  Problems problems;
  return !compile(model, limits, problems) && has(problems, code);
}

std::string refusal(const Model& model, const Limits& limits = {}) {
  Problems problems;
  CHECK_FALSE(compile(model, limits, problems));
  return text_of(problems);
}
const StateTable& table(const CompiledModel& model, TableId id) {
  return model.tables[id.index()];
}
/// The clinic with traits smi (no, yes) and age (young, adult, old) drawn by a mix.
Model two_traits() {
  Model model = clinic(1, 1, 10);
  model.traits = {{"smi", {"no", "yes"}, {}}, {"age", {"young", "adult", "old"}, {}}};
  PopulationSpec people;
  people.id = "people";
  people.mix.push_back({{0}, {1}, 0.25, {}, {}});
  people.mix.push_back({{1}, {0}, 0.5, {}, {}});
  people.mix.push_back({{1}, {1}, 0.25, {}, {}});
  model.populations = {people};
  model.arrivals[0].population = 0;
  return model;
}
std::vector<double> means(const CompiledModel& model, TableId id) {
  std::vector<double> found;
  const StateTable& t = table(model, id);
  for (std::uint32_t i = 0; i < t.cell_count; ++i)
    found.push_back(model.distributions[model.cells[t.first_cell + i]].a);
  return found;
}

}  // namespace

TEST_CASE("a number keeps only the dimensions it truly depends on, the last fastest") {
  Model model = two_traits();
  VaryingNumber& mean = *model.settings[1].stay->mean;
  mean.vary = {scale_when({trait_is(0, {1})}, 2.0), value_when({trait_is(1, {2})}, 5.0),
               value_when({trait_is(1, {2})}, 9.0),
               scale_when({about(Subject::place, {0})}, 100.0)};  // never: the stay is in the clinic
  const Compiled made = compiled(model);
  const StateTable& stay = table(made.model, made.model.settings[1].stay);
  REQUIRE(stay.dimension_count == 2);
  CHECK(made.model.dimensions[stay.first_dimension].shift == 0);
  CHECK(made.model.dimensions[stay.first_dimension].bits == 1);
  CHECK(made.model.dimensions[stay.first_dimension + 1].shift == 1);
  CHECK(made.model.dimensions[stay.first_dimension + 1].bits == 2);
  CHECK(made.model.dimensions[stay.first_dimension + 1].count == 3);
  CHECK(means(made.model, made.model.settings[1].stay) == std::vector<double>{1, 1, 5, 2, 2, 10});
  mean.vary = {scale_when({trait_is(0, {1})}, 2.0), scale_when({trait_is(1, {1, 2})}, 1.0)};
  const Compiled less = compiled(model);
  CHECK(means(less.model, less.model.settings[1].stay) == std::vector<double>{1, 2});
}

TEST_CASE("places are told apart only as far as conditions do, lines included") {
  Model model = clinic(1, 1, 2);
  SettingSpec jail = model.settings[1];
  jail.words.id = "jail";
  jail.domain = 2;
  model.settings.push_back(jail);
  model.settings[1].routes = {move_to(2)};
  EventSpec crisis;
  crisis.id = "crisis";
  crisis.rate = number(0.1);
  crisis.when = when({about(Subject::domain, {2}, true)});
  RouteSpec nothing;
  nothing.to = Destination::end;
  crisis.routes = {nothing};
  model.events = {crisis};
  const Compiled made = compiled(model);
  const StateTable& hazard = table(made.model, made.model.events[0].hazard);
  REQUIRE(hazard.dimension_count == 1);
  const StateDimension& dimension = made.model.dimensions[hazard.first_dimension];
  CHECK(dimension.kind == DimensionKind::place_class);
  CHECK(dimension.count == 2);
  REQUIRE(made.model.settings.size() == 5);
  for (std::uint32_t place = 0; place < 5; ++place) {
    const std::uint32_t cell = made.model.cells[hazard.first_cell + made.model.place_classes[dimension.first + place]];
    CHECK(made.model.numbers[cell] == (place == 2 ? 0.0 : 0.1));  // in its line nobody is in jail yet
  }
}

TEST_CASE("times since entry become steps, enrolments become flags") {
  Model model = clinic(1, 1, 2);
  SettingSpec team = place("team");
  team.is_program = true;
  team.stay = exponential_stay(5);
  RouteSpec end;
  end.to = Destination::end;
  team.routes = {end};
  model.settings.push_back(team);
  EventSpec relapse;
  relapse.id = "relapse";
  relapse.rate = number(0.1);
  Clause early = about(Subject::since_entry, {});
  early.below = 30;
  Clause late = about(Subject::since_entry, {});
  late.least = 90;
  relapse.rate.vary = {scale_when({early}, 4.0), scale_when({late}, 0.5),
                       scale_when({about(Subject::enrolled, {2})}, 0.1)};
  relapse.routes = {leave()};
  model.events = {relapse};
  const Compiled made = compiled(model);
  const StateTable& hazard = table(made.model, made.model.events[0].hazard);
  REQUIRE(hazard.cell_count == 6);
  CHECK(made.model.steps == std::vector<double>{30, 90});
  std::vector<double> rates;
  for (std::uint32_t i = 0; i < 6; ++i) rates.push_back(made.model.numbers[made.model.cells[hazard.first_cell + i]]);
  CHECK(rates == std::vector<double>{0.1 * 4, 0.1, 0.1 * 0.5, 0.1 * 4 * 0.1, 0.1 * 0.1, 0.1 * 0.5 * 0.1});
}

TEST_CASE("tables beyond the limits are refused, naming what they depend on") {
  Model model = two_traits();
  model.settings[1].stay->mean->vary = {scale_when({trait_is(0, {1})}, 2.0), value_when({trait_is(1, {2})}, 5.0)};
  Limits limits;
  limits.cells_per_number = 6;
  Problems fits;
  CHECK(compile(model, limits, fits));
  limits.cells_per_number = 5;
  CHECK_THAT(refusal(model, limits), Catch::Contains("smi (2), age (3)"));
  CHECK(refused_as(model, "table-large", limits));
  limits = {};
  limits.cells_in_all = 6;
  CHECK_THAT(refusal(model, limits), Catch::Contains("that is the limit for a model"));
  CHECK(refused_as(model, "tables-large", limits));
  Problems counted;
  const auto whole = compile(model, Limits{}, counted);
  REQUIRE(whole);
  const std::uint64_t cells = whole->model.cells.size();
  for (const std::uint64_t most : {cells + 1, cells, cells - 1}) {
    limits.cells_in_all = most;
    CHECK(refused_as(model, "tables-large", limits) == (most < cells));
  }
  limits = {};
  for (const std::uint64_t most : {7U, 6U, 5U}) {
    limits.cells_per_number = most;
    CHECK(refused_as(model, "table-large", limits) == (most < 6));
  }
  Clause step = about(Subject::since_place, {});
  model.settings[1].stay->mean->vary.clear();
  for (int cut = 1; cut <= 16; ++cut) {
    step.least = cut;
    model.settings[1].stay->mean->vary.push_back(scale_when({step}, 1.1));
    CHECK(refused_as(model, "steps-many") == (cut == 16));  // each cut adds a step
  }
  CHECK_THAT(refusal(model), Catch::Contains("17 steps"));
}

TEST_CASE("shares by condition become lists of thresholds, in file order") {
  Model model = two_traits();
  model.settings[1].routes = {leave(0.25), move_to(1, 0.5), leave()};
  model.settings[1].routes[1].share->vary = {value_when({trait_is(0, {1})}, 0.0)};
  model.settings[1].routes[2].when = {};
  const Compiled made = compiled(model);
  const StateTable& choices = table(made.model, made.model.settings[1].choices);
  REQUIRE(choices.cell_count == 2);
  const ChoiceList& no = made.model.choice_lists[made.model.cells[choices.first_cell]];
  const ChoiceList& yes = made.model.choice_lists[made.model.cells[choices.first_cell + 1]];
  REQUIRE(no.count == 3);
  CHECK(made.model.choices[no.first].below == 0x40000000U);
  CHECK(made.model.choices[no.first + 1].below == 0xc0000000U);
  CHECK(made.model.choices[no.first + 2].below == 0xffffffffU);
  REQUIRE(yes.count == 2);
  CHECK(made.model.choices[yes.first + 1].route == made.model.choices[no.first + 2].route);
}

TEST_CASE("shares that do not sum are refused with the combination and the sum") {
  Model model = two_traits();
  model.settings[1].routes = {leave(0.5), move_to(1, 0.75)};
  model.settings[1].routes[1].when = when({trait_is(0, {1})});
  const std::string both = refusal(model);
  CHECK_THAT(both, Catch::Contains("settings.clinic: has shares that sum to 0.5 for smi = no"));
  CHECK_THAT(both, Catch::Contains("has shares that sum to 1.25 for smi = yes"));
  CHECK(refused_as(model, "shares-under"));
  CHECK(refused_as(model, "shares-over"));
  model.settings[1].routes = {leave(), leave()};
  CHECK_THAT(refusal(model), Catch::Contains("two routes that take the remainder"));
  CHECK(refused_as(model, "otherwise-twice"));
  model.settings[1].routes = {leave(1.5)};
  CHECK_THAT(refusal(model), Catch::Contains("has a share of 1.5"));
  CHECK(refused_as(model, "share-range"));
  model.settings[1].routes.clear();
  CHECK_THAT(refusal(model), Catch::Contains("has a stay that ends, and no routes"));
  CHECK(refused_as(model, "routes-none"));
}

TEST_CASE("an event's shares matter only where it can happen") {
  Model model = two_traits();
  EventSpec move;
  move.id = "move";
  move.rate = number(0.1);
  move.when = when({trait_is(0, {1})});
  move.routes = {leave(1.0)};
  move.routes[0].when = when({trait_is(0, {1})});
  model.events = {move};
  compiled(model);
  model.events[0].when = {};
  CHECK_THAT(refusal(model), Catch::Contains("events.move: has shares that sum to 0 for smi = no"));
}

TEST_CASE("a population's mix is drawn in declared order, the value left out takes the remainder") {
  const Compiled made = compiled(two_traits());
  const CompiledModel& model = made.model;
  REQUIRE(model.arrivals[0].draws.count == 2);
  const TraitDraw& smi = model.trait_draws[0];
  const ChoiceList& list = model.choice_lists[model.cells[table(model, smi.table).first_cell]];
  REQUIRE(list.count == 2);
  CHECK(model.choices[list.first].below == 0xc0000000U);
  const TraitPattern& no = model.trait_patterns[model.choices[list.first].route.index()];
  CHECK(no.mask == 1);
  CHECK(no.bits == 0);
  Model given = two_traits();
  given.arrivals[0].traits = {{0, 1}};
  const Compiled fixed = compiled(given);
  CHECK(fixed.model.arrivals[0].traits == 1);
  CHECK(fixed.model.arrivals[0].draws.count == 1);
  Model unfinished = two_traits();
  unfinished.populations[0].mix.pop_back();
  CHECK_THAT(refusal(unfinished), Catch::Contains("mix.people.age"));
}

TEST_CASE("bad distributions are refused where they stand") {
  Model model = clinic(1, 1, 1);
  model.settings[1].stay->shape = Shape::lognormal;
  model.settings[1].stay->path = "settings.clinic.stay";
  CHECK_THAT(refusal(model), Catch::Contains("settings.clinic.stay: is no distribution for every client (needs sd"));
  CHECK(refused_as(model, "distribution-parameters"));
  model.settings[1].stay->median = number(3);  // above the mean of 1
  CHECK_THAT(refusal(model), Catch::Contains("is no distribution"));
}

TEST_CASE("the most particular handoff between departments wins") {
  Model model = clinic(1, 1, 1);
  const auto row = [](std::optional<std::uint32_t> from, std::optional<std::uint32_t> to, HandoffRow::Between between,
                      double days) {
    HandoffRow made;
    made.from = from;
    made.to = to;
    made.between = between;
    made.handoff.delay = constant_stay(days);
    return made;
  };
  using Between = HandoffRow::Between;
  model.handoffs = {row({}, {}, Between::any, 1), row({}, {}, Between::across, 2), row(0, {}, Between::any, 3),
                    row(0, 1, Between::any, 4)};
  const CompiledModel made = compiled(model).model;
  std::vector<double> days;
  for (const HandoffId id : made.department_handoffs)
    days.push_back(means(made, made.handoffs[id.index()].delay).at(0));
  CHECK(days == std::vector<double>{3, 4, 2, 1});
}
