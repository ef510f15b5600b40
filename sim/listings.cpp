#include <algorithm>

#include "sim/simulation_inline.hpp"

// Requests that say more than their goal, or ask for a setting that wants more than a free unit: alternates and
// interims, scores, least waits, clients who cannot come now.
namespace tl {

bool Simulation::holds_away(TermsId terms, const Client& client) const {
  const TableId away = model_.terms[terms.index()].away;
  return away.exists() && number(away, client) > 0.0;
}

bool Simulation::is_in(const Client& client, std::uint32_t setting) const {
  return client.place == setting ||
         (model_.settings[setting].kind == SettingKind::program && enrolled(client, setting));
}

bool Simulation::is_interim(const Request& listing) const {
  return listing.option >= model_.terms[requests_[listing.main].terms].alternate_count;
}

void Simulation::make_listings(std::uint32_t id) {
  const RequestTerms& terms = model_.terms[requests_[id].terms];
  for (std::uint32_t i = terms.alternate_count + terms.interim_count; i-- > 0;) {
    const std::uint32_t at = requests_.take();
    Request& main = requests_[id];
    Request& listing = requests_[at];
    listing.number = main.number;
    listing.client = main.client;
    listing.asked = main.asked;
    listing.since = main.since;
    listing.goal = model_.options[terms.first_option + i].setting.index();
    listing.kind = main.kind;
    listing.terms = main.terms;
    listing.option = static_cast<std::uint8_t>(i);
    listing.main = id;
    listing.barred = main.barred;
    listing.next_listing = main.next_listing;
    main.next_listing = at;
  }
}

void Simulation::drop_listings(std::uint32_t id) {
  std::uint32_t at = requests_[id].next_listing;
  while (at != kNoSlot) {
    unlink(at);
    const std::uint32_t next = requests_[at].next_listing;
    requests_.give_back(at);
    at = next;
  }
  requests_[id].next_listing = kNoSlot;
}

std::uint32_t Simulation::listing_of(std::uint32_t id, std::uint32_t option) const {
  std::uint32_t at = requests_[id].next_listing;
  while (requests_[at].option != option) at = requests_[at].next_listing;
  return at;
}

/// Highest score first. The weight of waiting is one for the queue, so what it adds up to differs between two requests
/// by the same amount at any time: score + weight·(now − since) ranks as score − weight·since.
double Simulation::score_order(const Request& request) const {
  const SettingMore& more = model_.more[request.goal];
  double score = number(more.score, clients_[request.client]);
  for (std::uint32_t i = 0; i < more.score_step_count; ++i) {
    const ScoreStep& step = model_.score_steps[more.first_score_step + i];
    if (request.since + step.after.micros() <= now_) score += step.add;
  }
  return more.score_per_day * SimTime::from_micros(request.since).days() - score;
}

/// The option of the interim the client is in, or one behind the last.
std::uint32_t Simulation::present_interim(const Request& main) const {
  const RequestTerms& terms = model_.terms[main.terms];
  const std::uint32_t end = terms.alternate_count + terms.interim_count;
  std::uint32_t i = terms.alternate_count;
  while (i < end && model_.options[terms.first_option + i].setting.index() != clients_[main.client].place) ++i;
  return i;
}

/// All that keeps the request, or its listing, from being granted, but a handoff.
std::uint8_t Simulation::bars_of(const Request& request) const {
  const Request& main = request.main == kNoSlot ? request : requests_[request.main];
  const Client& client = clients_[request.client];
  std::uint8_t bars = is_away(terms_of(main), client) ? bar::away : std::uint8_t{0};
  if (places_[request.goal].has_more) {
    if (now_ < main.since + model_.more[request.goal].least_wait.micros()) bars |= bar::young;
    if (lacks_assessment(request.goal, client)) bars |= bar::assessment;
  }
  if (request.main == kNoSlot) return bars;
  const RequestTerms& terms = model_.terms[main.terms];
  if (request.option < terms.alternate_count) {
    if (now_ < main.since + model_.options[terms.first_option + request.option].after.micros()) bars |= bar::young;
    if (is_in(client, request.goal)) bars |= bar::here;
  } else if (request.option >= present_interim(main)) {
    bars |= bar::here;
  }
  return bars;
}

/// Bars, ranks and units of a request and its listings, as the client is now.
void Simulation::review_one(std::uint32_t id) {
  for (std::uint32_t at = id; at != kNoSlot; at = requests_[at].next_listing) {
    Request& request = requests_[at];
    const auto bars = static_cast<std::uint8_t>(bars_of(request) | (request.barred & bar::handoff));
    const bool left_interim = (request.barred & bar::here) != 0 && (bars & bar::here) == 0 && is_interim(request);
    if (left_interim && request.main != kNoSlot && request.listed) unlink(at);
    if (left_interim) request.since = now_;  // in the queue again, from today
    const std::uint16_t units = units_of(request.goal, clients_[request.client]);
    if (units != request.units) offer(request.goal);
    request.units = units;
    set_bars(at, bars);
    if (request.queued) reorder(at);
    if (left_interim) schedule_wake(id);
  }
  review_patience(id);
}

void Simulation::review_more(std::uint32_t slot) {
  const Client& client = clients_[slot];
  for (std::uint32_t id = client.first_request; id != kNoSlot;) {
    const Request& request = requests_[id];
    const bool drop = request.kind == RequestKind::standing && request.terms != kNoSlot && id != client.granted &&
                      model_.terms[request.terms].while_away == WhileAway::drop && is_away(terms_of(request), client);
    const std::uint32_t next = request.next_of_client;
    if (drop)
      close(id, RequestEnd::dropped);
    else if (id != client.granted && is_more(request))
      review_one(id);
    id = next;
  }
}

void Simulation::stop_patience(std::uint32_t id) {
  Request& request = requests_[id];
  if (request.patience_stopped || request.patience_due >= kNever) return;
  request.patience_due -= now_;
  request.patience_stopped = true;
}

/// Patience runs unless the goal's queue stops it in an interim or while the client is away.
void Simulation::review_patience(std::uint32_t id) {
  Request& request = requests_[id];
  if (request.patience_due >= kNever && !request.patience_stopped) return;
  bool stop = false;
  if (places_[request.goal].has_more) {
    const SettingMore& more = model_.more[request.goal];
    const RequestTerms* terms = request.terms == kNoSlot ? nullptr : &model_.terms[request.terms];
    stop = (more.patience_pauses_away && (request.barred & bar::away) != 0) ||
           (more.patience_pauses_in_interim && terms != nullptr &&
            present_interim(request) < terms->alternate_count + terms->interim_count);
  }
  if (stop) {
    stop_patience(id);
  } else if (request.patience_stopped) {
    request.patience_stopped = false;
    request.patience_due += now_;
    schedule(Event::make(request.patience_due, Phase::give_up, request.number, EventKind::request, id));
  }
}

/// The next instant at which time alone changes something: a least wait is over, an alternate counts, a score rises.
void Simulation::schedule_wake(std::uint32_t id) {
  const Request& main = requests_[id];
  std::int64_t next = kNever;
  const auto consider = [&](std::int64_t at) {
    if (at > now_ && at < next) next = at;
  };
  for (std::uint32_t at = id; at != kNoSlot; at = requests_[at].next_listing) {
    const Request& request = requests_[at];
    if (places_[request.goal].has_more) {
      const SettingMore& more = model_.more[request.goal];
      consider(main.since + more.least_wait.micros());
      for (std::uint32_t i = 0; i < more.score_step_count; ++i)
        consider(request.since + model_.score_steps[more.first_score_step + i].after.micros());
    }
    if (at != id)
      consider(main.since + model_.options[model_.terms[main.terms].first_option + request.option].after.micros());
  }
  if (next < kNever) schedule(Event::make(next, Phase::policy, main.number, EventKind::request, id));
}

void Simulation::wake(std::uint32_t id) {
  const std::uint32_t slot = requests_[id].client;
  if (clients_[slot].granted == id || requests_[id].main != kNoSlot || !is_more(requests_[id])) return;
  review_one(id);
  schedule_wake(id);
  if (!model_.requirements.empty()) ask_missing(slot);
}

}  // namespace tl
