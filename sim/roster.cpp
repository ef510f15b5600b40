#include "sim/roster.hpp"

#include <algorithm>
#include <cmath>

#include "sim/curve.hpp"
#include "sim/expects.hpp"
#include "sim/maths.hpp"

// Persons and posts: who leaves, who is sought, who comes. What settings get of them stands in roster_shares.cpp.
namespace tl {
namespace {

enum Layer : std::uint8_t { of_stay, of_hiring, of_start };

Block staff_draw(RunKey run, const StaffPool& pool, std::uint32_t post, Layer layer, std::uint32_t occurrence) {
  return draw(run, {pool.draw_id, post, layer}, Purpose::staff, pool.draw_id, occurrence);
}

std::int64_t micro_fte(double fte) {
  return static_cast<std::int64_t>(std::llround(std::max(fte, 0.0) * static_cast<double>(kMicrosPerFte)));
}
std::int64_t posts_of(std::int64_t fte) {
  return (fte + kMicrosPerFte - 1) / kMicrosPerFte;
}

}  // namespace

void Roster::reset(const CompiledModel& model, const std::vector<std::uint32_t>& cells, RunKey run) {
  model_ = &model;
  cells_ = &cells;
  run_ = run;
  settled_ = true;
  begun_ = false;
  coming.clear();
  pools_.assign(model.staff.size(), Pool{});
  for (std::size_t p = 0; p < pools_.size(); ++p) pools_[p].dated = model.staff[p].fte;
  if (model.staff.empty()) return;
  rows_.assign(model.staffing.size(), Row{});
  rows_of_.assign(model.settings.size(), {});
  carried_.assign(model.settings.size(), kUnlimited);
  units_used_.assign(model.settings.size(), 0);
  settings_.clear();
  for (std::uint32_t row = 0; row < model.staffing.size(); ++row)
    rows_of_[model.staffing[row].setting.index()].push_back(row);
  for (std::uint32_t s = 0; s < rows_of_.size(); ++s)
    if (!rows_of_[s].empty()) settings_.push_back(s);
  staff_results_.clear();
  staffing_results_.clear();
  last_.assign(pools_.size() * kStaffSums.size() + rows_.size() * kStaffingSums.size(), 0);
  now_sums_ = last_;
}

double Roster::number(TableId table) const {
  return model_->numbers[(*cells_)[model_->tables[table.index()].first_cell]];
}

void Roster::begin() {
  begun_ = true;
  for (std::uint32_t p = 0; p < pools_.size(); ++p) {
    const StaffPool& spec = model_->staff[p];
    Pool& pool = pools_[p];
    pool.budget = std::max<std::int64_t>(0, pool.dated + pool.more);
    const auto count = static_cast<std::uint32_t>(posts_of(pool.budget));
    pool.posts.assign(count, Post{true, true, 0, kNever, kNever});
    const double vacant = spec.vacant_at_start;
    const auto last_ones = static_cast<std::uint32_t>(std::floor(vacant * count + 0.5));
    for (std::uint32_t i = 0; i < count; ++i) {
      const Block block = staff_draw(run_, spec, i, of_start, 0);
      const bool is_vacant =
          spec.vacancy_by_chance ? uniform53(block.w[0], block.w[1]) < vacant : i >= count - std::min(count, last_ones);
      if (!is_vacant) {
        set_leaving(p, i, 0);
        continue;
      }
      pool.posts[i].filled = false;
      if (!spec.time_to_hire.exists() || (spec.hires_at_once > 0 && pool.hiring == spec.hires_at_once)) {
        seek(p, i, 0);
        continue;
      }
      ++pool.hiring;
      ++pool.posts[i].holder;
      const Distribution& length =
          model_->distributions[(*cells_)[model_->tables[spec.time_to_hire.index()].first_cell]];
      const double left = residual_quantile(length, model_->distributions, model_->distribution_tables,
                                            uniform32(block.w[2]), uniform32(block.w[3]));
      set_due(p, i, std::max<std::int64_t>(1, SimTime::from_days(std::max(left, 0.0)).micros()));
      if (!spec.agency.exists()) continue;
      const Block more = staff_draw(run_, spec, i, of_start, 1);
      const double age = residual_quantile(length, model_->distributions, model_->distribution_tables,
                                           uniform32(more.w[2]), uniform32(more.w[3]));
      set_agency(p, i, std::max<std::int64_t>(0, (spec.agency_after - SimTime::from_days(std::max(age, 0.0))).micros()),
                 0);
    }
  }
}

void Roster::set_due(std::uint32_t pool, std::uint32_t post, std::int64_t due) {
  pools_[pool].posts[post].due = due;
  if (due < kNever) coming.push_back(Event::make(due, Phase::staff, pool, EventKind::other, post));
}

/// From when on a temporary person may hold the post, which is vacant.
void Roster::set_agency(std::uint32_t p, std::uint32_t post, std::int64_t from, std::int64_t now) {
  pools_[p].posts[post].agency_from = from;
  if (from > now && from < kNever) coming.push_back(Event::make(from, Phase::staff, p, EventKind::growth, post));
}

bool Roster::agency_due(std::uint32_t p, std::uint32_t post, std::int64_t now) {
  if (pools_[p].posts[post].agency_from != now) return false;
  pools_[p].stirred = true;
  return true;
}

/// Exponential with the rate as it goes on in time: along its integral, so that a dated rate needs no second draw.
void Roster::set_leaving(std::uint32_t p, std::uint32_t post, std::int64_t now) {
  const StaffPool& spec = model_->staff[p];
  std::int64_t due = kNever;
  if (spec.turnover.exists()) {
    const Block block = staff_draw(run_, spec, post, of_stay, pools_[p].posts[post].holder);
    const double threshold = -natural_log(uniform53(block.w[0], block.w[1]));
    const double reached = curve_integral(*model_, spec.turnover, SimTime::from_micros(now));
    const SimTime at = curve_inverse(*model_, spec.turnover, reached + threshold);
    if (at < SimTime::never()) due = std::max(now + 1, at.micros());
  }
  set_due(p, post, due);
}

/// A vacancy: it is filled after the time to hire, which begins as soon as someone is free to see to it.
void Roster::seek(std::uint32_t p, std::uint32_t post, std::int64_t now) {
  Pool& pool = pools_[p];
  const std::uint32_t most = model_->staff[p].hires_at_once;
  pool.posts[post].due = kNever;
  if (model_->staff[p].agency.exists())
    set_agency(p, post, now + std::min(model_->staff[p].agency_after.micros(), kNever - now), now);
  if (most > 0 && pool.hiring >= most)
    pool.waiting.push_back(post);
  else
    begin_hiring(p, post, now);
}

void Roster::begin_hiring(std::uint32_t p, std::uint32_t post, std::int64_t now) {
  const StaffPool& spec = model_->staff[p];
  ++pools_[p].hiring;
  const std::uint32_t holder = ++pools_[p].posts[post].holder;
  std::int64_t wait = 0;
  if (spec.time_to_hire.exists()) {
    const Block block = staff_draw(run_, spec, post, of_hiring, holder);
    const Distribution& length = model_->distributions[(*cells_)[model_->tables[spec.time_to_hire.index()].first_cell]];
    const double days = quantile(length, model_->distributions, model_->distribution_tables,
                                 uniform53(block.w[0], block.w[1]), uniform32(block.w[2]));
    wait = days > 0.0 ? SimTime::from_days(days).micros() : 0;
  }
  if (wait == 0)
    joins(p, post, now);
  else
    set_due(p, post, now + std::min(wait, kNever - now));
}

void Roster::hire_next(std::uint32_t p, std::int64_t now) {
  Pool& pool = pools_[p];
  while (!pool.waiting.empty() && pool.hiring < model_->staff[p].hires_at_once) {
    const std::uint32_t post = pool.waiting.front();
    pool.waiting.erase(pool.waiting.begin());
    begin_hiring(p, post, now);
  }
}

void Roster::joins(std::uint32_t p, std::uint32_t post, std::int64_t now) {
  Pool& pool = pools_[p];
  --pool.hiring;
  ++pool.hires;
  pool.posts[post].filled = true;
  pool.posts[post].agency_from = kNever;
  set_leaving(p, post, now);
}

bool Roster::person_due(std::uint32_t p, std::uint32_t post, std::int64_t now) {
  Pool& pool = pools_[p];
  if (!pool.posts[post].active || pool.posts[post].due != now) return false;
  if (pool.posts[post].filled) {
    ++pool.leavers;
    pool.posts[post].filled = false;
    seek(p, post, now);
  } else {
    joins(p, post, now);
    hire_next(p, now);
  }
  pool.stirred = true;
  return true;
}

/// The highest posts go first.
void Roster::take_away(std::uint32_t p, bool filled, std::int64_t count, std::int64_t now) {
  Pool& pool = pools_[p];
  for (std::size_t i = pool.posts.size(); i-- > 0 && count > 0;) {
    Post& post = pool.posts[i];
    if (!post.active || post.filled != filled) continue;
    if (filled)
      ++pool.let_go;
    else if (post.due < kNever)
      --pool.hiring;
    else
      std::erase(pool.waiting, static_cast<std::uint32_t>(i));
    post.active = post.filled = false;
    post.due = post.agency_from = kNever;
    --count;
  }
  hire_next(p, now);
}

void Roster::set_budget(std::uint32_t p, std::int64_t fte, std::int64_t now) {
  pools_[p].dated = fte;
  fit_to_budget(p, now);
}

void Roster::add_to_budget(std::uint32_t p, std::int64_t fte, std::int64_t now) {
  pools_[p].more += fte;
  fit_to_budget(p, now);
}

/// Posts are opened and ended as the budget has it.
void Roster::fit_to_budget(std::uint32_t p, std::int64_t now) {
  Pool& pool = pools_[p];
  const std::int64_t fte = std::max<std::int64_t>(0, pool.dated + pool.more);
  if (!begun_ || fte == pool.budget) return;
  std::int64_t active = 0, vacant = 0;
  for (const Post& post : pool.posts) {
    active += post.active ? 1 : 0;
    vacant += post.active && !post.filled ? 1 : 0;
  }
  const std::int64_t due = posts_of(fte);
  pool.budget = fte;
  pool.stirred = true;
  const std::int64_t surplus = std::max<std::int64_t>(0, active - due);
  take_away(p, false, std::min(surplus, vacant), now);
  take_away(p, true, surplus - std::min(surplus, vacant), now);
  for (std::uint32_t i = 0; active < due; ++i) {
    if (i == pool.posts.size()) pool.posts.push_back(Post{false, false, 0, kNever, kNever});
    if (pool.posts[i].active) continue;
    pool.posts[i].active = true;
    ++active;
    seek(p, i, now);
  }
}

/// Every post is of one FTE but the last, which holds what remains of the budget.
Roster::LastPost Roster::last_post(const Pool& pool) {
  LastPost last{pool.posts.size(), pool.budget - (posts_of(pool.budget) - 1) * kMicrosPerFte};
  while (last.post > 0 && !pool.posts[last.post - 1].active) --last.post;
  return last;
}

Roster::Held Roster::held(const Pool& pool, std::int64_t now) const {
  Held sum;
  const LastPost last = last_post(pool);
  for (std::size_t i = 0; i < last.post; ++i) {
    const Post& post = pool.posts[i];
    if (!post.active) continue;
    const std::int64_t fte = i + 1 == last.post ? last.fte : kMicrosPerFte;
    if (post.filled)
      sum.employed += fte;
    else if (post.agency_from <= now)
      sum.old += fte;
  }
  return sum;
}

/// As many as may come, in the posts that have been vacant for long enough.
std::int64_t Roster::agency_fte(const StaffPool& spec, const Held& of) const {
  if (of.old == 0 || !spec.agency.exists()) return 0;
  return std::min(of.old, micro_fte(number(spec.agency)));
}

void Roster::check(std::int64_t now) const {
  for (std::uint32_t p = 0; p < pools_.size(); ++p) {
    const Pool& pool = pools_[p];
    std::int64_t active = 0, vacant = 0, assigned = 0;
    for (const Post& post : pool.posts) {
      active += post.active ? 1 : 0;
      vacant += post.active && !post.filled ? 1 : 0;
      TL_EXPECTS(post.active || !post.filled);
      TL_EXPECTS(post.due >= now);
    }
    TL_EXPECTS(active == posts_of(pool.budget));
    TL_EXPECTS(vacant == static_cast<std::int64_t>(pool.hiring + pool.waiting.size()));
    const std::uint32_t most = model_->staff[p].hires_at_once;
    TL_EXPECTS(most == 0 || (pool.hiring <= most && (pool.waiting.empty() || pool.hiring == most)));
    const StaffPool& spec = model_->staff[p];
    const Held now_held = held(pool, now);
    TL_EXPECTS(pool.employed.now() == now_held.employed && pool.employed.now() >= 0);
    TL_EXPECTS(pool.employed.now() + pool.vacant.now() == pool.budget && pool.vacant.now() >= 0);
    TL_EXPECTS(pool.agency.now() == agency_fte(spec, now_held) && pool.agency.now() <= pool.vacant.now());
    TL_EXPECTS(pool.at_work <= pool.employed.now() + pool.agency.now());
    TL_EXPECTS(pool.overtime.now() >= 0 && pool.overtime.now() <= pool.most_overtime);
    check_teams(spec, pool, now);
    TL_EXPECTS(pool.forming.now() == pool.employed.now() + pool.agency.now() - pool.at_work);
    WideInt used = 0;
    for (std::uint32_t r = spec.first_row; r < spec.first_row + spec.row_count; ++r) {
      const Row& row = rows_[r];
      TL_EXPECTS(row.used.now() <= row.assigned.now() && row.used.now() <= row.needed_census.now());
      assigned += row.assigned.now();
      used += row.used.area(now);
    }
    // Staff hours used never exceed hours on duty, nor those the hours paid for.
    TL_EXPECTS(assigned == pool.assigned.now() && assigned <= pool.at_work + pool.most_overtime);
    TL_EXPECTS(used == pool.used.area(now) && used <= pool.assigned.area(now));
    TL_EXPECTS(used <= pool.employed.area(now) + pool.agency.area(now) + pool.overtime.area(now));
    if (!spec.overtime.exists()) TL_EXPECTS(pool.assigned.area(now) <= pool.employed.area(now) + pool.agency.area(now));
  }
}

}  // namespace tl
