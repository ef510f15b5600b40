#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "apps/cli/grid.hpp"
#include "models/staff_report.hpp"

// Staff as `check` and `list` tell of them.
namespace tl {

/// The pools as written: budget, hours, turnover and time to hire.
Grid staff_grid(const Model& model);
/// What settings need of them, with the relief factor of posts.
Grid staffing_grid(const Model& model);
/// What to expect of them: vacancies, and whether staff or beds limit each setting; empty without staff.
std::string staff_text(const Compiled& compiled, const StaffReport& report);
nlohmann::ordered_json staff_json(const Compiled& compiled, const StaffReport& report);

}  // namespace tl
