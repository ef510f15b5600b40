#include "sim/simulation_inline.hpp"

// The level of care that a client needs, against that of the place (semantics 1).
namespace tl {

/// 0 fits, 1 the place is above the need, 2 below it. In a line a client is nowhere in particular: that fits.
std::uint8_t Simulation::mismatch_of(const Client& client) const {
  if (model_.need_bits == 0 || client.place == kNoSlot) return 0;
  const Setting& place = model_.settings[client.place];
  if (place.kind != SettingKind::place) return 0;
  const std::uint64_t value = client.traits >> model_.need_shift & ((std::uint64_t{1} << model_.need_bits) - 1);
  const std::uint32_t need = model_.need_levels[value];
  return static_cast<std::uint8_t>(place.level > need ? 1 : place.level < need ? 2 : 0);
}

void Simulation::set_mismatch(std::uint32_t slot, std::uint8_t mismatch) {
  Client& client = clients_[slot];
  if (client.mismatch == mismatch) return;
  count(client, [&](Tally& all) {
    RareTally& tally = all.rare(client.place);
    if (client.mismatch != 0) (client.mismatch == 1 ? tally.above_need : tally.below_need).change(-1, now_);
    if (mismatch != 0) (mismatch == 1 ? tally.above_need : tally.below_need).change(1, now_);
  });
  client.mismatch = mismatch;
}

}  // namespace tl
