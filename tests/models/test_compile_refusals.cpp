#include "tests/catch.hpp"
#include "tests/models/small_models.hpp"

using namespace tl;
using namespace tl::small;

namespace {
bool refused_with(const Model& model, std::string_view code) {
  Problems problems;
  const auto made = compile(model, Limits{}, problems);
  INFO(text_of(problems));
  return !made && has(problems, code);
}
}  // namespace

TEST_CASE("traits that do not fit into a client are refused") {
  Model model = clinic(1, 1, 1);
  model.traits = {{"empty", {}, {}}};
  CHECK(refused_with(model, "trait-values"));
  model.traits.assign(65, {"flag", {"no", "yes"}, {}});
  CHECK(refused_with(model, "trait-bits"));
  model.traits.resize(64);
  CHECK_FALSE(refused_with(model, "trait-bits"));
}

TEST_CASE("a queue has at most 64 classes") {
  Model model = clinic(1, 1, 1);
  model.settings[1].queue.priority.assign(63, when({about(Subject::level, {0})}));
  CHECK_FALSE(refused_with(model, "priority-many"));
  model.settings[1].queue.priority.assign(64, when({about(Subject::level, {0})}));
  CHECK(refused_with(model, "priority-many"));
}

TEST_CASE("what is nobody's cannot vary by client") {
  Model model = clinic(1, 1, 1);
  model.settings[1].capacity->vary = {scale_when({about(Subject::level, {0})}, 2)};
  CHECK(refused_with(model, "varies-here"));
  model = clinic(1, 1, 1);
  model.arrivals[0].rate->vary = {scale_when({about(Subject::level, {0})}, 2)};
  CHECK(refused_with(model, "varies-here"));
  model = clinic(1, 1, 1);
  model.arrivals[0].batch = constant_stay(2);
  model.arrivals[0].batch->value->vary = {scale_when({about(Subject::level, {0})}, 2)};
  CHECK(refused_with(model, "varies-here"));
}

TEST_CASE("refusals and gives-up have a way to go where they can happen, and only there") {
  Model model = clinic(1, 1, 1);
  Problems problems;
  auto plain = compile(model, Limits{}, problems);
  REQUIRE(plain);
  CHECK_FALSE(plain->model.settings[1].on_refuse.exists());
  model.settings[1].queue.limit = number(5);
  model.settings[1].queue.patience = exponential_stay(3);
  auto made = compile(model, Limits{}, problems);
  REQUIRE(made);
  const Setting& clinic_row = made->model.settings[1];
  REQUIRE(clinic_row.on_refuse.exists());
  const Route& away = made->model.routes[clinic_row.on_renege.index()];
  CHECK(away.kind == RouteKind::leave);
  CHECK(made->words.reasons.at(away.reason.index()) == "gave_up");
  CHECK(made->model.reason_count == made->words.reasons.size());
}
