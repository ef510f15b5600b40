#pragma once
#include <cstdint>
#include <string>

// Models nobody thought of: TOML text that uses the whole language, a function of a recipe alone.
namespace tl::random_model {

/// Parts of the language a recipe may switch on. Recipes shrink by switching them off.
enum Feature : std::uint32_t {
  kTraits = 1U << 0,      ///< traits with a mix, conditions and exceptions over them
  kPrograms = 1U << 1,    ///< programs, enrolments, their requests
  kQueues = 1U << 2,      ///< priorities, limits, patience
  kWaiting = 1U << 3,     ///< lines and named wait places beside waiting in place
  kTurnaround = 1U << 4,  ///< turnaround, discharge delays
  kHandoffs = 1U << 5,    ///< delays, losses, waiting elsewhere meanwhile
  kStanding = 1U << 6,    ///< standing requests, dropped and replaced
  kEvents = 1U << 7,      ///< hazards by trait, place and time, with dated factors
  kDated = 1U << 8,       ///< capacities up and down, rates by season
  kInitial = 1U << 9,     ///< clients there at the start, in every way of starting a stay
  kArrivals = 1U << 10,   ///< batches, gaps, dates beside a rate
  kTies = 1U << 11,       ///< stays of whole days, and of none
  kLimits = 1U << 12,     ///< finite capacities at all
};
inline constexpr std::uint32_t kEverything = (1U << 13) - 1;

struct Recipe {
  std::uint64_t seed = 0;
  std::uint32_t settings = 1;  ///< 1 … 20
  std::uint32_t features = kEverything;
};

/// The model's text: accepted by the reader but for rare cases such as a limited place without a way out.
std::string text(const Recipe& recipe);

/// The same model with another stream of arrivals, a setting nobody reaches, a trait nothing looks at, an event that
/// never happens: what must change nothing for the clients of the model itself.
enum class Extra { stream, setting, trait, event };
std::string text_with(const Recipe& recipe, Extra extra);

}  // namespace tl::random_model
