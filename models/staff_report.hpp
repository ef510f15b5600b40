#pragma once
#include <cstdint>
#include <vector>

#include "models/compile.hpp"
#include "models/model.hpp"

namespace tl {

/// What staff are expected to be and to carry at the start of results, in the long run of these numbers: vacancies as
/// turnover and time to hire make them, shared as the engine shares, the expected number employed taken as if it were
/// always there. Of the whole population.
struct StaffReport {
  struct Pool {
    double fte = 0.0, vacant_share = 0.0, employed = 0.0;
    double agency = 0.0;    ///< temporary FTE
    double overtime = 0.0;  ///< that could be worked on top, in FTE
  };
  struct Row {
    double needed = 0.0;    ///< FTE for the physical capacity; 0 where that is unlimited
    double assigned = 0.0;  ///< FTE
    double physical = 0.0;  ///< units; infinity = unlimited
    double carried = 0.0;  ///< of these, what the staff can carry in their hours; of unlimited ones what they can carry
    bool always = true;    ///< whether they are needed at all hours
    bool limits = true;    ///< whether units that they cannot carry stay empty
    bool binds() const { return limits && carried < physical; }
  };
  std::vector<Pool> pools;  ///< as CompiledModel::staff
  std::vector<Row> rows;    ///< as CompiledModel::staffing
};

/// @param compiled  what compile() made of the model
StaffReport expected_staff(const Model& model, const Compiled& compiled);

/// The smaller of a setting's physical capacity and what its staff are expected to carry; staff of certain hours only
/// are left out. @param setting  row of CompiledModel::settings
double usable_capacity(const Compiled& compiled, const StaffReport& report, std::uint32_t setting);

}  // namespace tl
