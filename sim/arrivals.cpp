#include <algorithm>

#include "sim/curve.hpp"
#include "sim/simulation_inline.hpp"

// Who comes, and who is there at the start.
namespace tl {

void Simulation::start_streams() {
  streams_.clear();
  for (std::uint32_t a = 0; a < model_.arrivals.size(); ++a)
    for (std::uint32_t layer = 0; layer < model_.arrivals[a].layers; ++layer) {
      Stream stream;
      stream.arrival = a;
      stream.layer = static_cast<std::uint8_t>(layer);
      streams_.push_back(stream);
    }
  for (std::uint32_t i = 0; i < streams_.size(); ++i) next_candidate(i);
}

/// Of a stream whose gaps or dates are given: the next one.
Simulation::Candidate Simulation::draw_candidate(const Stream& stream, const ArrivalStream& arrival) {
  const Block block = draw(run_, {arrival.draw_id, stream.next, stream.layer}, Purpose::arrival, arrival.draw_id, 0);
  std::int64_t at = kNever;
  if (arrival.gap.exists())
    at = now_ + length(arrival.gap, Client{}, uniform53(block.w[0], block.w[1]), uniform32(block.w[2]));
  else if (stream.next < arrival.date_count)
    at = model_.dates[arrival.first_date + stream.next].micros();
  return {at, block.w[2], block.w[3]};
}

/// Of a stream with a rate: the next few, which depend on nothing that happens meanwhile.
void Simulation::draw_ahead(Stream& stream, const ArrivalStream& arrival) const {
  std::array<Block, std::tuple_size_v<decltype(Stream::ahead)>> blocks;
  std::uint32_t ordinal = stream.next;
  for (Block& block : blocks)
    block = draw(run_, {arrival.draw_id, ordinal++, stream.layer}, Purpose::arrival, arrival.draw_id, 0);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    stream.reached -= natural_log(uniform53(blocks[i].w[0], blocks[i].w[1]));
    stream.ahead[i] = {curve_inverse(model_, arrival.rate, stream.reached).micros(), blocks[i].w[2], blocks[i].w[3]};
  }
}

void Simulation::next_candidate(std::uint32_t index) {
  Stream& stream = streams_[index];
  const ArrivalStream& arrival = model_.arrivals[stream.arrival];
  if (arrival.rate.exists()) {
    const std::size_t place = stream.next % stream.ahead.size();
    if (place == 0) draw_ahead(stream, arrival);
    stream.pending = stream.ahead[place];
  } else {
    stream.pending = draw_candidate(stream, arrival);
  }
  ++stream.next;
  const std::int64_t at = stream.pending.at;
  if (at < kNever) schedule(Event::make(std::max(at, now_), Phase::arrival, 0, EventKind::other, index));
}

void Simulation::arrive(std::uint32_t index) {
  Stream& stream = streams_[index];
  const ArrivalStream& arrival = model_.arrivals[stream.arrival];
  const Candidate candidate = stream.pending;
  const ClientKey key{arrival.draw_id, stream.next - 1, stream.layer};
  next_candidate(index);
  if (!arrival.batch.exists() && !arrival.scale.exists()) {  // as below, for nearly all
    enter({arrival.draw_id, stream.clients++, stream.layer}, arrival, candidate.entry_word);
    return;
  }
  std::uint32_t batch = 1;
  if (arrival.batch.exists()) {
    const Block block = draw(run_, key, Purpose::batch, arrival.draw_id, 0);
    const double drawn = quantile(model_.distributions[arrival.batch.index()], model_.distributions,
                                  model_.distribution_tables, uniform53(block.w[0], block.w[1]), uniform32(block.w[2]));
    batch = drawn < 0.5 ? 0 : static_cast<std::uint32_t>(std::min(drawn + 0.5, 1e6));
  }
  const std::uint32_t first = stream.clients;
  stream.clients += batch;
  if (arrival.scale.exists()) {
    const double scale = curve_rate(model_, arrival.scale, SimTime::from_micros(now_));
    if (!(static_cast<double>(stream.layer) + uniform32(candidate.acceptance) < scale)) return;
  }
  for (std::uint32_t i = 0; i < batch; ++i) {
    const ClientKey client{arrival.draw_id, first + i, stream.layer};
    const std::uint32_t word =
        arrival.batch.exists() ? draw(run_, client, Purpose::process, arrival.draw_id, 0).w[0] : candidate.entry_word;
    enter(client, arrival, word);
  }
}

void Simulation::enter(ClientKey key, const ArrivalStream& arrival, std::uint32_t word) {
  const std::uint32_t slot = create_client(key, arrival.traits);
  if (arrival.draws.count > 0) draw_traits(clients_[slot], arrival.draws);
  if (groups_.kept()) join_group(clients_[slot]);
  const std::uint32_t number = clients_[slot].number;
  if (!milestones_.empty()) start_milestones(slot, StartKind::arrival, 0);
  const RouteId route = choose(arrival.choices, clients_[slot], word).route;
  if (!go_plainly(slot, route)) follow_route(slot, route);
  if (!timers_.empty() && clients_[slot].number == number) start_timers(slot, StartKind::arrival, 0);
}

void Simulation::place_initial_clients() {
  placing_initial_ = true;
  std::size_t expected = 0;
  for (const InitialGroup& group : model_.initial) expected += group.count;
  clients_.reserve(expected + expected / 8);
  if (!model_.events.empty()) hazards_.reserve((expected + expected / 8) * model_.events.size());
  std::vector<std::uint32_t> slots;
  for (const InitialGroup& group : model_.initial)
    for (std::uint32_t i = 0; i < group.count; ++i) {
      const std::uint32_t slot = create_client({group.draw_id, group.first_ordinal + i, 0}, group.traits);
      slots.push_back(slot);
      draw_traits(clients_[slot], group.draws);
      if (groups_.kept()) join_group(clients_[slot]);
      put(slot, group.place.index(), next_visit(clients_[slot], group.place.index()));
      begin_initial_stay(slot, group, group.first_ordinal + i);
    }
#ifdef TL_CHECKING
  for (std::uint32_t s = 0; s < places_.size(); ++s) allow_over_full(s);
#endif
  initial_clients_ = slots.size();
  tally_.arrived = 0;  // they did not arrive: they were there
  groups_.forget_arrivals();
  std::size_t next = 0;
  for (const InitialGroup& group : model_.initial)
    for (std::uint32_t i = 0; i < group.count; ++i) {
      const std::uint32_t slot = slots[next++];
      if (!milestones_.empty()) start_milestones(slot, StartKind::arrival, 0);
      act(slot, group.actions, 0, now_ - group.waited.micros());
      touch(slot);
      if (!timers_.empty()) start_timers(slot, StartKind::arrival, 0);
    }
  placing_initial_ = false;
  run_admissions();
  if (!unsettled_.empty()) settle_causes();
}

/// Of a stay that began so many days before the run: its open time, as the hours of the run's first days have it.
double Simulation::served_before(std::uint32_t setting, double days) const {
  if (!places_[setting].has_more || !model_.more[setting].serves.exists()) return days;
  return curve_integral(model_, model_.more[setting].serves, SimTime::from_days(days));
}

void Simulation::begin_initial_stay(std::uint32_t slot, const InitialGroup& group, std::uint32_t ordinal) {
  Client& client = clients_[slot];
  const Setting& setting = model_.settings[client.place];
  client.stay_began = now_;
  if (group.start_stay == StartStay::since)
    client.entered = client.placed = client.stay_began = now_ - SimTime::from_days(group.least_days).micros();
  if (!setting.stay.exists()) return;
  const Distribution& stay = model_.distributions[cell(setting.stay, client)];
  const Block block = draw(run_, client.key, Purpose::initial, group.draw_id, ordinal & kOccurrenceMask);
  const double u = uniform53(block.w[0], block.w[1]), u2 = uniform32(block.w[2]), v = uniform32(block.w[3]);
  client.route_word = draw(run_, client.key, Purpose::visit, setting.draw_id, client.visit).w[3];
  const auto value_of = [&](const Distribution& d, double at) {
    return std::max(0.0, quantile(d, model_.distributions, model_.distribution_tables, at, v));
  };
  const auto start_value = [&](double at) { return value_of(model_.distributions[group.start_value.index()], at); };
  double days = 0.0;
  switch (group.start_stay) {
    case StartStay::residual:
      days = residual_quantile(stay, model_.distributions, model_.distribution_tables, u, u2);
      break;
    case StartStay::fresh:
      days = value_of(stay, u);
      break;
    case StartStay::elapsed:
      days = remaining_quantile(stay, model_.distributions, model_.distribution_tables, start_value(u2), u);
      break;
    case StartStay::remaining:
      days = start_value(u);
      break;
    case StartStay::since:
      days = remaining_quantile(stay, model_.distributions, model_.distribution_tables,
                                served_before(client.place, group.least_days), u);
      break;
    case StartStay::share_of_stay:
      days = std::max(group.least_days, start_value(u2) * value_of(stay, u));
      break;
  }
  set_stay_due(slot, due_after(client.place, SimTime::from_days(std::max(0.0, days)).micros()));
}

}  // namespace tl
