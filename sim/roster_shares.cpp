#include <algorithm>
#include <cmath>

#include "sim/roster.hpp"

// What settings get of their staff, what that carries, and the sums of it.
namespace tl {
namespace {

constexpr double kSlack = 1e-9;  // a number computed two ways is one number
constexpr double kMicros = static_cast<double>(kMicrosPerFte);
constexpr std::int64_t kMostFte = std::int64_t{1} << 53;

std::int64_t rounded_up(double fte) {
  const double micros = std::ceil(fte * kMicros - kSlack);
  return micros >= static_cast<double>(kMostFte) ? kMostFte : static_cast<std::int64_t>(std::max(micros, 0.0));
}

void set(Level& level, std::int64_t value, std::int64_t at) {
  if (value != level.now()) level.change(value - level.now(), at);
}

double unit_days(WideInt micros) {
  return static_cast<double>(micros) / static_cast<double>(kMicrosPerDay);
}
double fte_days(WideInt micros) {
  return unit_days(micros) / kMicros;
}
double fte(std::int64_t micros) {
  return static_cast<double>(micros) / kMicros;
}

}  // namespace

/// Rounded up, and in whole steps where there are posts.
std::int64_t Roster::fte_for(const StaffingRow& row, std::int64_t units, double clients) const {
  const auto wanted = static_cast<double>(units);
  if (!row.posts.exists()) return rounded_up(wanted / clients);
  return rounded_up(std::ceil(wanted / clients - kSlack) * number(row.posts) * row.relief);
}

/// Rounded down, and in whole steps where there are posts.
std::int64_t Roster::units_for(const StaffingRow& row, std::int64_t micro_fte) const {
  const double clients = number(row.clients);
  double units = fte(micro_fte) * clients;
  if (row.posts.exists()) {
    const double step = number(row.posts) * row.relief;
    if (step <= 0.0) return kUnlimited;
    units = std::floor(fte(micro_fte) / step + kSlack) * clients;
  }
  return static_cast<std::int64_t>(std::floor(std::min(units, 1e15) + kSlack));
}

void Roster::stir(std::uint32_t setting) {
  for (const std::uint32_t row : rows_of_[setting]) pools_[model_->staffing[row].staff].stirred = true;
}

void Roster::stir_all() {
  for (Pool& pool : pools_) pool.stirred = true;
}

void Roster::set_on_duty(std::uint32_t row, bool on_duty) {
  rows_[row].on_duty = on_duty;
  pools_[model_->staffing[row].staff].stirred = true;
}

/// What a row's clients need now; `used` follows.
void Roster::need_for_clients(std::uint32_t r, std::int64_t now) {
  const StaffingRow& spec = model_->staffing[r];
  Row& row = rows_[r];
  Pool& pool = pools_[spec.staff];
  const std::int64_t units = units_used_[spec.setting.index()];
  const std::int64_t census = fte_for(spec, units, number(spec.clients));
  const std::int64_t standard = spec.standard_clients > 0.0 ? fte_for(spec, units, spec.standard_clients) : census;
  pool.needed_census.add(census - row.needed_census.now(), now);
  pool.needed_standard.add(standard - row.needed_standard.now(), now);
  row.needed_census.set(census, now);
  row.needed_standard.set(standard, now);
  const std::int64_t used = std::min(census, row.assigned.now());
  set(pool.used, pool.used.now() + used - row.used.now(), now);
  set(row.used, used, now);
  if (pool.most_overtime > 0 || pool.overtime.now() > 0) work_overtime(pool, now);
}

/// What the clients need beyond the hours of those at work. People move between settings, so it is the pool's.
void Roster::work_overtime(Pool& pool, std::int64_t now) const {
  pool.overtime.set(std::max<std::int64_t>(0, pool.used.now() - pool.at_work), now);
}

void Roster::set_units_used(std::uint32_t setting, std::int64_t units, std::int64_t now) {
  units_used_[setting] = units;
  for (const std::uint32_t row : rows_of_[setting]) need_for_clients(row, now);
}

/// Who is there: employed, temporary, and what they can work on top.
void Roster::count_people(std::uint32_t p, std::int64_t now) {
  const StaffPool& spec = model_->staff[p];
  Pool& pool = pools_[p];
  const Held now_held = held(pool, now);
  set(pool.budgeted, pool.budget, now);
  pool.employed.set(now_held.employed, now);
  pool.vacant.set(pool.budget - now_held.employed, now);
  pool.agency.set(agency_fte(spec, now_held), now);
  pool.at_work = now_held.employed + pool.agency.now();
  pool.most_overtime = now_held.employed;
  if (spec.team_of > 0) review_teams(spec, pool, now);
  const double more = spec.overtime.exists() ? number(spec.overtime) : 0.0;
  pool.most_overtime = static_cast<std::int64_t>(static_cast<double>(pool.most_overtime) * more);
}

/// Those of a pool, with the overtime they could work, between the settings that need them.
void Roster::share_out(std::uint32_t p, const std::vector<std::int64_t>& physical, std::int64_t now) {
  const StaffPool& spec = model_->staff[p];
  Pool& pool = pools_[p];
  count_people(p, now);
  const std::int64_t there = pool.at_work + pool.most_overtime;
  WideInt needed = 0;
  for (std::uint32_t r = spec.first_row; r < spec.first_row + spec.row_count; ++r) {
    const StaffingRow& row = model_->staffing[r];
    const std::int64_t units = physical[row.setting.index()];
    // Where nothing but staff is the limit, capacity has no need of its own.
    const std::int64_t need = units == kUnlimited ? 0 : fte_for(row, units, number(row.clients));
    pool.needed_physical.add(need - rows_[r].needed_physical.now(), now);
    rows_[r].needed_physical.set(need, now);
    needed += need;
  }
  std::int64_t left = there, assigned = 0;
  for (std::uint32_t r = spec.first_row; r < spec.first_row + spec.row_count; ++r) {
    Row& row = rows_[r];
    const bool takes_all = physical[model_->staffing[r].setting.index()] == kUnlimited;
    const std::int64_t need = row.needed_physical.now();
    std::int64_t part = takes_all ? left : std::min(need, left);
    if (spec.share == StaffShare::proportion && needed > there)
      part = static_cast<std::int64_t>(static_cast<WideInt>(need) * there / needed);
    set(row.assigned, part, now);
    left -= part;
    assigned += part;
  }
  set(pool.assigned, assigned, now);
  for (std::uint32_t r = spec.first_row; r < spec.first_row + spec.row_count; ++r) need_for_clients(r, now);
  pool.stirred = false;
}

/// Whichever of its staff can carry the fewest units limits the setting.
void Roster::carry(std::uint32_t setting, std::int64_t physical, std::int64_t now) {
  std::int64_t least = kUnlimited;
  std::uint32_t scarcest = 0;
  for (const std::uint32_t r : rows_of_[setting]) {
    Row& row = rows_[r];
    const std::int64_t units =
        row.on_duty && model_->staffing[r].limits ? units_for(model_->staffing[r], row.assigned.now()) : kUnlimited;
    if (units < least) {
      least = units;
      scarcest = r;
    }
    const std::int64_t carried = std::min(units, physical);
    set(row.carried, carried == kUnlimited ? 0 : carried, now);
    set(row.physical, physical == kUnlimited ? 0 : physical, now);
  }
  carried_[setting] = least;
  for (const std::uint32_t r : rows_of_[setting]) {
    const bool binds = r == scarcest && least < physical;
    set(rows_[r].bound, binds ? 1 : 0, now);
    set(rows_[r].lost, binds && physical != kUnlimited ? physical - least : 0, now);
  }
}

const std::vector<std::uint32_t>& Roster::settle(const std::vector<std::int64_t>& physical, std::int64_t now) {
  settled_ = true;
  concerned_.clear();
  for (std::uint32_t p = 0; p < pools_.size(); ++p) {
    if (!pools_[p].stirred) continue;
    share_out(p, physical, now);
    const StaffPool& spec = model_->staff[p];
    for (std::uint32_t r = spec.first_row; r < spec.first_row + spec.row_count; ++r)
      concerned_.push_back(model_->staffing[r].setting.index());
  }
  std::sort(concerned_.begin(), concerned_.end());
  concerned_.erase(std::unique(concerned_.begin(), concerned_.end()), concerned_.end());
  for (const std::uint32_t setting : concerned_) carry(setting, physical[setting], now);
  return concerned_;
}

/// All that grows, in the order of StaffSum and StaffingSum; what is no sum stays 0.
void Roster::sums(std::int64_t at, std::vector<WideInt>& into) const {
  std::size_t first = 0;
  for (const Pool& pool : pools_) {
    const auto put = [&](StaffSum which, WideInt value) { into[first + static_cast<std::size_t>(which)] = value; };
    put(StaffSum::budgeted_days, pool.budgeted.area(at));
    put(StaffSum::employed_days, pool.employed.area(at));
    put(StaffSum::vacant_days, pool.vacant.area(at));
    put(StaffSum::assigned_days, pool.assigned.area(at));
    put(StaffSum::used_days, pool.used.area(at));
    put(StaffSum::needed_physical_days, pool.needed_physical.area(at));
    put(StaffSum::needed_census_days, pool.needed_census.area(at));
    put(StaffSum::needed_standard_days, pool.needed_standard.area(at));
    put(StaffSum::agency_days, pool.agency.area(at));
    put(StaffSum::overtime_days, pool.overtime.area(at));
    put(StaffSum::forming_days, pool.forming.area(at));
    put(StaffSum::teams_open_days, pool.teams_open.area(at));
    put(StaffSum::hires, pool.hires);
    put(StaffSum::leavers, pool.leavers);
    put(StaffSum::let_go, pool.let_go);
    put(StaffSum::team_openings, pool.openings);
    put(StaffSum::team_closings, pool.closings);
    first += kStaffSums.size();
  }
  for (const Row& row : rows_) {
    const auto put = [&](StaffingSum which, WideInt value) { into[first + static_cast<std::size_t>(which)] = value; };
    put(StaffingSum::assigned_days, row.assigned.area(at));
    put(StaffingSum::used_days, row.used.area(at));
    put(StaffingSum::needed_physical_days, row.needed_physical.area(at));
    put(StaffingSum::needed_census_days, row.needed_census.area(at));
    put(StaffingSum::needed_standard_days, row.needed_standard.area(at));
    put(StaffingSum::physical_days, row.physical.area(at));
    put(StaffingSum::carried_days, row.carried.area(at));
    put(StaffingSum::bound_days, row.bound.area(at));
    put(StaffingSum::lost_days, row.lost.area(at));
    first += kStaffingSums.size();
  }
}

/// Warm-up ends: what came before counts no more.
void Roster::start_results(std::int64_t at) {
  sums(at, last_);
  for (Pool& pool : pools_)
    for (PeakLevel* level : {&pool.employed, &pool.vacant, &pool.needed_physical, &pool.needed_census,
                             &pool.needed_standard, &pool.agency, &pool.overtime})
      level->take_most(at);
  for (Row& row : rows_)
    for (PeakLevel* level : {&row.needed_physical, &row.needed_census, &row.needed_standard}) level->take_most(at);
}

void Roster::end_period(std::int64_t at) {
  sums(at, now_sums_);
  std::size_t next = 0;
  for (Pool& pool : pools_) {
    const std::size_t first = staff_results_.size();
    for (std::size_t i = 0; i < kStaffSums.size(); ++i, ++next) {
      const WideInt grown = now_sums_[next] - last_[next];
      const bool is_count = i >= static_cast<std::size_t>(StaffSum::hires);
      staff_results_.push_back(is_count ? static_cast<double>(grown) : fte_days(grown));
    }
    const auto put = [&](StaffSum which, std::int64_t micros) {
      staff_results_[first + static_cast<std::size_t>(which)] = fte(micros);
    };
    put(StaffSum::peak_employed, pool.employed.take_most(at));
    put(StaffSum::peak_vacant, pool.vacant.take_most(at));
    put(StaffSum::peak_needed_physical, pool.needed_physical.take_most(at));
    put(StaffSum::peak_needed_census, pool.needed_census.take_most(at));
    put(StaffSum::peak_needed_standard, pool.needed_standard.take_most(at));
    put(StaffSum::peak_agency, pool.agency.take_most(at));
    put(StaffSum::peak_overtime, pool.overtime.take_most(at));
    put(StaffSum::employed_at_end, pool.employed.now());
  }
  for (Row& row : rows_) {
    const std::size_t first = staffing_results_.size();
    for (std::size_t i = 0; i < kStaffingSums.size(); ++i, ++next) {
      const WideInt grown = now_sums_[next] - last_[next];
      const bool is_units = i >= static_cast<std::size_t>(StaffingSum::physical_days);
      staffing_results_.push_back(is_units ? unit_days(grown) : fte_days(grown));
    }
    const auto put = [&](StaffingSum which, std::int64_t micros) {
      staffing_results_[first + static_cast<std::size_t>(which)] = fte(micros);
    };
    put(StaffingSum::peak_needed_physical, row.needed_physical.take_most(at));
    put(StaffingSum::peak_needed_census, row.needed_census.take_most(at));
    put(StaffingSum::peak_needed_standard, row.needed_standard.take_most(at));
  }
  last_.swap(now_sums_);
}

void Roster::finish(ReplicationResult& into) {
  into.staff_count = static_cast<std::uint32_t>(pools_.size());
  into.staffing_count = pools_.empty() ? 0 : static_cast<std::uint32_t>(rows_.size());
  std::swap(into.staff, staff_results_);
  std::swap(into.staffing, staffing_results_);
  staff_results_.clear();
  staffing_results_.clear();
}

}  // namespace tl
