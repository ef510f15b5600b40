#include "models/compile_builder.hpp"

// A census with one row a client: a group of one each, under one name, told apart by the row.
namespace tl::compiling {
namespace {

/// What the client has open at the start.
std::vector<ActionSpec> actions_of(const CensusRow& client) {
  std::vector<ActionSpec> specs;
  for (const std::uint32_t program : client.enrolled) {
    ActionSpec enrol;
    enrol.verb = Verb::enrol;
    enrol.setting = program;
    enrol.at = client.at;
    specs.push_back(enrol);
  }
  if (client.waiting_for) specs.push_back(*client.waiting_for);
  return specs;
}

}  // namespace

void Builder::census() {
  if (model_.census.empty()) return;
  const std::uint32_t name = id_of("census");
  std::map<std::vector<std::uint32_t>, ActionList> known;
  out_.initial.reserve(out_.initial.size() + model_.census.size());
  for (std::uint32_t row = 0; row < model_.census.size(); ++row) {
    const CensusRow& client = model_.census[row];
    InitialGroup made;
    made.draw_id = name;
    made.first_ordinal = client.number.value_or(row);
    made.count = 1;
    made.place = SettingId{client.place};
    made.start_stay = client.elapsed_days ? StartStay::since : StartStay::residual;
    made.least_days = client.elapsed_days.value_or(0.0);
    made.waited = SimTime::from_days(client.waited_days);
    made.traits = packed(client.population, client.traits);
    made.draws = trait_draws(client.population, client.traits);
    std::vector<std::uint32_t> key = client.enrolled;
    key.push_back(client.waiting_for ? 1 : 0);
    if (client.waiting_for) {
      key.push_back(*client.waiting_for->setting);
      key.push_back(client.waiting_for->request.value_or(0xffffffffU));
    }
    const auto at = known.find(key);
    made.actions = at != known.end() ? at->second : actions(actions_of(client), "census.do", {});
    if (at == known.end()) known.emplace(std::move(key), made.actions);
    out_.initial.push_back(made);
  }
  if (model_.warmup_days > 0.0)
    problem({"census", model_.census[0].at}, code("initial-warmup"),
            "puts clients into the model at the start, and model.warmup is " + shown(model_.warmup_days) + " d",
            "a census at the start of results and a warm-up before it contradict each other",
            "Take out the warm-up or the census");
}

}  // namespace tl::compiling
