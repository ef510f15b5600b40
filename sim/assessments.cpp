#include <algorithm>

#include "sim/simulation_inline.hpp"

// Assessments: programs give clients tokens, settings ask for them (semantics 5).
namespace tl {

bool Simulation::holds(const Client& client, std::uint32_t tokens) const {
  if (client.number == 0) return false;
  const std::size_t slot = slot_of(client);
  if (slot * model_.token_count >= tokens_until_.size()) return false;
  const std::int64_t* until = &tokens_until_[slot * model_.token_count];
  for (std::uint32_t t = 0; t < model_.token_count; ++t)
    if ((tokens >> t & 1U) != 0 && now_ < until[t]) return true;
  return false;
}

bool Simulation::lacks_assessment(std::uint32_t setting, const Client& client) const {
  const SettingMore& more = model_.more[setting];
  for (std::uint32_t i = 0; i < more.requirement_count; ++i)
    if (!holds(client, model_.requirements[more.first_requirement + i].serves)) return true;
  return false;
}

void Simulation::give_tokens(std::uint32_t slot, std::uint32_t program, bool on_completion) {
  const SettingMore& more = model_.more[program];
  for (std::uint32_t i = 0; i < more.grant_count; ++i) {
    const TokenGrant& grant = model_.grants[more.first_grant + i];
    if (grant.on_completion != on_completion) continue;
    std::int64_t& until = tokens_until_[static_cast<std::size_t>(slot) * model_.token_count + grant.token];
    const std::int64_t valid = grant.valid > SimTime{} ? now_ + grant.valid.micros() : kNever;
    tell(StoryKind::token_given, slot, grant.token);
    if (valid <= until) continue;
    until = valid;
    if (valid < kNever) schedule(Event::make(valid, Phase::policy, clients_[slot].number, EventKind::client, slot));
  }
}

void Simulation::tokens_lapse(std::uint32_t slot) {
  for (std::uint32_t t = 0; t < model_.token_count; ++t) {
    std::int64_t& until = tokens_until_[static_cast<std::size_t>(slot) * model_.token_count + t];
    if (until != now_) continue;
    until = 0;
    tell(StoryKind::token_lapsed, slot, t);
  }
  touch(slot);
  ask_missing(slot);
}

/// Asks for the assessments that the client's requests want and that are neither there nor on the way.
void Simulation::ask_missing(std::uint32_t slot) {
  const Client& client = clients_[slot];
  const std::uint32_t number = client.number;
  std::vector<const Requirement*> wanted;
  for (std::uint32_t id = client.first_request; id != kNoSlot; id = requests_[id].next_of_client) {
    if (id == client.granted) continue;
    for (std::uint32_t at = id; at != kNoSlot; at = requests_[at].next_listing) {
      const Request& request = requests_[at];
      const bool not_yet = at != id && (request.barred & bar::young) != 0;
      if (!places_[request.goal].has_more || not_yet) continue;
      const SettingMore& more = model_.more[request.goal];
      for (std::uint32_t i = 0; i < more.requirement_count; ++i) {
        const Requirement& requirement = model_.requirements[more.first_requirement + i];
        if (holds(client, requirement.serves)) continue;
        wanted.push_back(&requirement);
        if (more.one_after_another) break;
      }
    }
  }
  if (wanted.empty()) return;
  const Deeper deeper{*this, slot, wanted.front()->ask.index()};
  for (const Requirement* requirement : wanted)
    if (clients_[slot].number == number && requirement->ask.exists() && !holds(clients_[slot], requirement->serves))
      ask_program(slot, requirement->ask.index(), now_);
}

}  // namespace tl
