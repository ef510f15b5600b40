#include "models/compile_builder.hpp"

// Requests that say more than their goal, as terms.
namespace tl::compiling {

/// Row by row, so that a row of Model::requests is its TermsId.
void Builder::requests() {
  for (const RequestSpec& spec : model_.requests) {
    RequestTerms made;
    made.goal = SettingId{spec.goal};
    made.track = static_cast<std::uint8_t>(spec.track_row);
    for (const std::uint32_t track : spec.closes) made.closes |= static_cast<std::uint8_t>(1U << track);
    made.while_away = spec.drop_while_away ? WhileAway::drop : WhileAway::park;
    made.temporary = spec.temporary || model_.settings[spec.goal].temporary;
    if (spec.not_from) {
      const Owner owner{"requests." + spec.id + ".not_from", spec.at};
      const Space space = space_of({&*spec.not_from}, {}, owner);
      made.away = table(space, {start_day()}, owner, [&](const Combination& combination, double) {
        return number(holds(*spec.not_from, space, combination) ? 1.0 : 0.0);
      });
    }
    made.first_option = static_cast<std::uint32_t>(out_.options.size());
    made.alternate_count = static_cast<std::uint32_t>(spec.alternates.size());
    made.interim_count = static_cast<std::uint32_t>(spec.interims.size());
    for (const AlternateSpec& one : spec.alternates)
      out_.options.push_back({SettingId{one.setting}, SimTime::from_days(one.after_days)});
    for (const std::uint32_t place : spec.interims) out_.options.push_back({SettingId{place}, SimTime{}});
    out_.terms.push_back(made);
  }
}

void Builder::ask_for(const ActionSpec& spec, Action& action) const {
  if (!spec.request) return;
  const RequestSpec& request = model_.requests[*spec.request];
  action.setting = SettingId{request.goal};
  if (spec.verb == Verb::drop) {
    const bool is_program = model_.settings[request.goal].is_program;
    action.track = is_program ? kAnyTrack : static_cast<std::uint8_t>(request.track_row);
    return;
  }
  action.keep = spec.keep || request.keep;
  action.terms = TermsId{*spec.request};
}

}  // namespace tl::compiling
