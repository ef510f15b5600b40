#include <algorithm>

#include "sim/expects.hpp"
#include "sim/roster.hpp"

// Posts that are teams: which of them are open, and who looks after clients in them.
namespace tl {
namespace {

void set(Level& level, std::int64_t value, std::int64_t at) {
  if (value != level.now()) level.change(value - level.now(), at);
}

}  // namespace

Roster::Team Roster::team(const StaffPool& spec, const Pool& pool, std::size_t number, std::int64_t& temporary,
                          std::int64_t now) {
  Team found;
  const LastPost last = last_post(pool);
  const std::size_t first = number * spec.team_of, end = std::min(first + spec.team_of, last.post);
  for (std::size_t i = first; i < end; ++i) {
    const Post& post = pool.posts[i];
    if (!post.active) continue;
    const std::int64_t fte = i + 1 == last.post ? last.fte : kMicrosPerFte;
    if (post.filled) {
      found.employed += fte;
    } else if (post.agency_from <= now && temporary >= fte) {
      temporary -= fte;
      found.temporary += fte;
    } else {
      continue;
    }
    ++found.filled;
  }
  return found;
}

void Roster::review_teams(const StaffPool& spec, Pool& pool, std::int64_t now) {
  const std::size_t known = pool.team_is_open.size();
  pool.team_is_open.resize((pool.posts.size() + spec.team_of - 1) / spec.team_of, 0);
  std::int64_t temporary = pool.agency.now(), open = 0;
  pool.at_work = pool.most_overtime = 0;
  for (std::size_t t = 0; t < pool.team_is_open.size(); ++t) {
    const Team there = team(spec, pool, t, temporary, now);
    const bool was_open = pool.team_is_open[t] != 0;
    // Vacancies that are those of the long run are those of teams that have opened before.
    const bool has_opened = was_open || (now == 0 && t >= known && spec.vacancy_by_chance);
    const bool is_open = there.filled >= (has_opened ? spec.team_closes_under : spec.team_opens_at);
    if (now > 0 && is_open != was_open) ++(is_open ? pool.openings : pool.closings);
    pool.team_is_open[t] = is_open ? 1 : 0;
    if (!is_open) continue;
    open += kMicrosPerFte;
    pool.at_work += there.employed + there.temporary;
    pool.most_overtime += there.employed;
  }
  set(pool.teams_open, open, now);
  set(pool.forming, pool.employed.now() + pool.agency.now() - pool.at_work, now);
}

/// Open teams have enough of their posts filled, others too few.
void Roster::check_teams(const StaffPool& spec, const Pool& pool, std::int64_t now) {
  std::int64_t temporary = pool.agency.now();
  for (std::size_t t = 0; t < pool.team_is_open.size(); ++t) {
    const Team there = team(spec, pool, t, temporary, now);
    TL_EXPECTS(there.filled >= spec.team_closes_under || pool.team_is_open[t] == 0);
    TL_EXPECTS(there.filled < spec.team_opens_at || pool.team_is_open[t] != 0);
  }
}

}  // namespace tl
