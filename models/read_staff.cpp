#include <algorithm>
#include <cmath>
#include <set>

#include "models/read_context.hpp"
#include "models/staff_numbers.hpp"

// Staff pools, and what settings need of them (semantics 8).
namespace tl::reading {
namespace {

constexpr double kMostFte = 1e6;
constexpr double kMostClients = 1e9;
constexpr double kDaysPerYear = 365.25;

// ---- rows of `staffing`, wherever they are written

void add_text(Row& row, std::string name, const std::string& text, const Place& at) {
  Cell cell;
  cell.text = text;
  cell.at = cell.key_at = at;
  row.fields.emplace_back(std::move(name), std::move(cell));
}

/// The list `staffing` of a setting or pool, or a single table there.
void take_rows(const Row& owner, const Table& table, const char* kind_field, Table& made, Problems& problems) {
  const Cell* list = owner.find("staffing");
  if (list == nullptr) return;
  const auto take = [&](const Cell& item) {
    if (!item.is_table()) {
      problems.error(item.at, code("field-kind"), table.name + '.' + owner.id + ".staffing", "is no table",
                     "what a setting needs of staff is a list of tables",
                     "Write staffing = [ { staff = \"nurse\", clients_per_fte = 6 } ].");
      return;
    }
    Row row;
    row.at = item.at;
    add_text(row, "setting", owner.id, item.at);
    row.fields.insert(row.fields.end(), item.fields.begin(), item.fields.end());
    for (const auto& [from, to] : {std::pair{"source", "source"}, std::pair{kind_field, "kind"}})
      if (const Cell* cell = owner.find(from); cell != nullptr && row.find(to) == nullptr)
        row.fields.emplace_back(to, *cell);
    made.rows.push_back(std::move(row));
  };
  if (!list->is_list()) take(*list);
  for (const Cell& item : list->items) take(item);
}

/// SETTING.STAFF, and SETTING.STAFF#2 for a further row of the two.
void name_rows(Table& table) {
  std::set<std::string, std::less<>> taken;
  for (const Row& row : table.rows)
    if (row.find("id") != nullptr) taken.insert(row.id);
  for (Row& row : table.rows) {
    const Cell *id = row.find("id"), *setting = row.find("setting"), *staff = row.find("staff");
    if (id != nullptr && id->is_text()) row.id = id->text;
    if (id != nullptr || setting == nullptr || staff == nullptr || !setting->is_text() || !staff->is_text()) continue;
    const std::string name = setting->text + '.' + staff->text;
    row.id = name;
    for (int number = 2; !taken.insert(row.id).second; ++number) row.id = name + '#' + std::to_string(number);
  }
}

// ---- pools

/// Dollars for a length of time, however written: of a year 118000, "$118,000" or "$118,000 / y".
/// @param days  the length, where the number says no other
std::optional<VaryingNumber> read_pay(Context& context, const Cell& cell, const std::string& field, double days) {
  Dimension dimension = kPlain;
  if (const Cell* base = cell.is_table() ? cell.find("base") : &cell) {
    Problems told_later;
    const auto looked_at = read_quantity(*base, field, context.parameters, told_later);
    if (looked_at && (looked_at->dimension == kMoney || looked_at->dimension == kMoneyPerTime))
      dimension = looked_at->dimension;
  }
  auto salary = read_varying(context, cell, field,
                             {.dimension = dimension, .range = Range::between(0.0, 1e9), .may_vary = false});
  if (salary && dimension == kMoneyPerTime) {
    salary->base *= days;
    for (DatedValue& dated : salary->dated) dated.value *= days;
  }
  return salary;
}

double read_part(Context& context, const RowView& row, std::string_view field) {
  const Cell* cell = row.find(field);
  if (cell == nullptr) return 0.0;
  return read_fixed(context, *cell, row.path(field), {.dimension = kPlain, .range = Range::share()}).value_or(0.0);
}

void read_hours(Context& context, const RowView& row, StaffSpec& staff) {
  if (const Cell* cell = row.find("hours_per_week"))
    staff.hours_per_week = read_fixed(context, *cell, row.path("hours_per_week"),
                                      {.dimension = kPlain, .range = Range::above_to(0.0, 168.0)})
                               .value_or(staff.hours_per_week);
  staff.leave = read_part(context, row, "leave");
  staff.training = read_part(context, row, "training");
  if (staff.leave + staff.training < 1.0) return;
  const Cell* cell = row.find("training") != nullptr ? row.find("training") : row.find("leave");
  context.error(cell->at, code("staff-away"), row.address,
                "is away all the time: leave and training are " +
                    shown(std::round(1000.0 * (staff.leave + staff.training)) / 10.0) + "% of the paid hours",
                "nobody would be left to fill a post", "Write shares of the paid hours, as leave = 0.12.");
  staff.leave = staff.training = 0.0;
}

void tell_useless(Context& context, const RowView& row, std::string_view field, const char* why, const char* hint) {
  if (const Cell* cell = row.find(field))
    context.problems.warning(cell->at, code("field-useless"), row.path(field), "has no effect", why, hint);
}

void read_coming_and_going(Context& context, const RowView& row, StaffSpec& staff) {
  if (const Cell* cell = row.find("turnover"))
    staff.turnover =
        read_varying(context, *cell, row.path("turnover"),
                     {.dimension = kRate, .range = Range::between(0.0, 100.0), .may_vary = false, .may_ramp = true});
  if (const Cell* cell = row.find("time_to_hire"))
    staff.time_to_hire = read_distribution(context, *cell, row.path("time_to_hire"));
  if (const Cell* cell = row.find("hires_at_once"))
    staff.hires_at_once = static_cast<std::uint32_t>(
        read_fixed(context, *cell, row.path("hires_at_once"),
                   {.dimension = kPlain, .range = Range::between(1.0, kMostFte), .whole = true})
            .value_or(0.0));
  if (const Cell* cell = row.find("vacant_at_start"))
    staff.vacant_at_start =
        read_fixed(context, *cell, row.path("vacant_at_start"), {.dimension = kPlain, .range = Range::share()});
  if (staff.hires_at_once > 0 && row.find("time_to_hire") == nullptr)
    tell_useless(context, row, "hires_at_once", "a post is filled at once where no time to hire is given",
                 "Write time_to_hire = \"95 d\".");
}

void read_overtime(Context& context, const RowView& row, StaffSpec& staff) {
  if (const Cell* cell = row.find("overtime"); cell == nullptr || !cell->is_table()) return;
  const Cell* up_to = row.find("overtime.up_to");
  if (up_to == nullptr) {
    missing_field(context, row, "overtime.up_to", "it says how many hours can be worked on top",
                  "Write overtime = { up_to = 0.1 }.");
    return;
  }
  OvertimeSpec made;
  if (auto share = read_varying(context, *up_to, row.path("overtime.up_to"),
                                {.dimension = kPlain, .range = Range::share(), .may_vary = false}))
    made.up_to = std::move(*share);
  if (const Cell* pay = row.find("overtime.pay"))
    made.pay =
        read_fixed(context, *pay, row.path("overtime.pay"), {.dimension = kPlain, .range = Range::between(0.0, 10.0)})
            .value_or(made.pay);
  if (!staff.salary)
    tell_useless(context, row, "overtime.pay", "it is paid in parts of the salary, and the pool has none",
                 "Write salary = 118000.");
  staff.overtime = std::move(made);
}

void read_agency(Context& context, const RowView& row, StaffSpec& staff) {
  if (const Cell* cell = row.find("agency"); cell == nullptr || !cell->is_table()) return;
  const Cell *up_to = row.find("agency.up_to"), *after = row.find("agency.after"), *pay = row.find("agency.pay");
  if (up_to == nullptr) {
    missing_field(context, row, "agency.up_to", "it says how many FTE can come",
                  "Write agency = { up_to = 6, after = \"14 d\", pay = \"$95 / h\" }.");
    return;
  }
  AgencySpec made;
  if (auto most = read_varying(context, *up_to, row.path("agency.up_to"),
                               {.dimension = kPlain, .range = Range::between(0.0, kMostFte), .may_vary = false}))
    made.up_to = std::move(*most);
  if (after != nullptr)
    made.after_days = read_fixed(context, *after, row.path("agency.after"),
                                 {.dimension = kDuration, .range = Range::between(0.0, context.limits.horizon_days)})
                          .value_or(0.0);
  if (pay != nullptr) made.pay = read_pay(context, *pay, row.path("agency.pay"), 1.0 / 24.0);
  if (!staff.time_to_hire)
    tell_useless(context, row, "agency", "a post is filled at once where no time to hire is given, so none is vacant",
                 "Write time_to_hire = \"95 d\".");
  staff.agency = std::move(made);
}

std::uint32_t read_team_number(Context& context, const RowView& row, const char* field) {
  const Cell* cell = row.find(field);
  if (cell == nullptr) {
    missing_field(context, row, field, "a team says how many posts it has, and how many of them must be filled",
                  "Write team = { of = 10, opens_at = 8, closes_under = 6 }.");
    return 0;
  }
  return static_cast<std::uint32_t>(read_fixed(context, *cell, row.path(field),
                                               {.dimension = kPlain, .range = Range::between(1.0, 1e6), .whole = true})
                                        .value_or(0.0));
}

void read_team(Context& context, const RowView& row, StaffSpec& staff) {
  const Cell* cell = row.find("team");
  if (cell == nullptr || !cell->is_table()) return;
  const TeamSpec made{read_team_number(context, row, "team.of"), read_team_number(context, row, "team.opens_at"),
                      read_team_number(context, row, "team.closes_under")};
  if (made.of == 0 || made.opens_at == 0 || made.closes_under == 0) return;
  const auto refuse = [&](std::string what, std::string why, std::string hint) {
    context.error(cell->at, code("staff-team"), row.path("team"), std::move(what), std::move(why), std::move(hint));
  };
  if (made.opens_at > made.of) {
    refuse("opens at " + std::to_string(made.opens_at) + " posts filled, of " + std::to_string(made.of),
           "it would never open", "Write opens_at = " + std::to_string(made.of) + ", or less.");
    return;
  }
  if (made.closes_under > made.opens_at) {
    refuse("opens at " + std::to_string(made.opens_at) + " posts filled and closes under " +
               std::to_string(made.closes_under),
           "it would close as soon as it opens",
           "Write closes_under = " + std::to_string(made.opens_at) + ", or less.");
    return;
  }
  staff.team = made;
  const double over = std::fmod(staff.fte.base, made.of);
  if (staff.fte.base > 0.0 && over > 0.0 && over < made.opens_at)
    context.problems.warning(
        cell->at, code("staff-team"), row.path("team"),
        "leaves " + shown(over) + " of " + shown(staff.fte.base) + " FTE in a team that never opens",
        "a team is " + std::to_string(made.of) + " posts, and opens at " + std::to_string(made.opens_at),
        "Write an fte that is so many whole teams.");
}

void read_sharing(Context& context, const RowView& row, StaffSpec& staff) {
  const Cell *share = row.find("share"), *order = row.find("order");
  if (order != nullptr) staff.share = StaffShare::order;
  if (share != nullptr)
    if (const auto word = read_word(context, *share, row.path("share"), {"order", "proportion"}))
      staff.share = *word == 0 ? StaffShare::order : StaffShare::proportion;
  if (order == nullptr) return;
  if (order->is_table()) {
    read_text(context, *order, row.path("order"));
    return;
  }
  for (const Cell& item : pieces_of(*order, '|')) {
    if (!context.pools.find(item.text) && !find_name(context, item, row.path("order"), context.settings)) continue;
    staff.order.push_back(item.text);
  }
  if (share != nullptr && staff.share == StaffShare::proportion)
    context.problems.warning(order->at, code("field-useless"), row.path("order"), "has no effect",
                             "the pool is shared in proportion to what each setting needs", "Write share = \"order\".");
}

StaffSpec read_pool(Context& context, const RowView& row) {
  StaffSpec staff;
  staff.id = row.row.id;
  staff.at = row.row.at;
  staff.name = read_words(context, row, "name", row.row.id);
  staff.role = read_words(context, row, "role");
  if (row.find("role") == nullptr)
    missing_field(context, row, "role", "tables of staff are by role", "Write role = \"registered nurse\".");
  staff.department = *context.departments.find("none");
  if (const Cell* cell = row.find("department"))
    staff.department =
        find_name(context, *cell, row.path("department"), context.departments).value_or(staff.department);
  if (const Cell* cell = row.find("fte"))
    staff.fte =
        read_varying(context, *cell, row.path("fte"),
                     {.dimension = kPlain, .range = Range::between(0.0, kMostFte), .may_vary = false, .may_ramp = true})
            .value_or(VaryingNumber{});
  else
    missing_field(context, row, "fte", "a staff pool has so many posts in the budget", "Write fte = 12.5.");
  read_hours(context, row, staff);
  if (const Cell* cell = row.find("salary")) staff.salary = read_pay(context, *cell, row.path("salary"), kDaysPerYear);
  if (const Cell* cell = row.find("benefits"))
    staff.benefits =
        read_fixed(context, *cell, row.path("benefits"), {.dimension = kPlain, .range = Range::between(0.0, 10.0)})
            .value_or(0.0);
  read_coming_and_going(context, row, staff);
  read_overtime(context, row, staff);
  read_agency(context, row, staff);
  read_team(context, row, staff);
  read_sharing(context, row, staff);
  const bool is_paid = staff.salary || (staff.agency && staff.agency->pay);
  if (is_paid) staff.split = read_split(context, row);
  if (!staff.salary) tell_useless(context, row, "benefits", "the pool has no salary", "Write salary = 118000.");
  if (!is_paid)
    for (const char* field : {"payer", "split"})
      tell_useless(context, row, field, "the pool has no salary", "Write salary = 118000.");
  staff.provenance = read_provenance(context, row);
  return staff;
}

// ---- what settings need

/// @returns false when the row says none or both
bool check_ratio(Context& context, const RowView& row) {
  const Cell *per_fte = row.find("clients_per_fte"), *posts = row.find("posts"),
             *per_post = row.find("clients_per_post");
  const auto refuse = [&](const Place& at, std::string what, std::string why, std::string hint) {
    context.error(at, code("staff-ratio"), row.address, std::move(what), std::move(why), std::move(hint));
    return false;
  };
  const char* const why = "staff are needed for so many clients each, or as posts on duty for each so many clients";
  if (per_fte != nullptr && (posts != nullptr || per_post != nullptr))
    return refuse((posts != nullptr ? posts : per_post)->at, "has clients_per_fte and posts", why,
                  "Keep one of them; two rows of staffing may stand for one setting.");
  if (per_fte == nullptr && posts == nullptr && per_post == nullptr)
    return refuse(row.row.at, "does not say how many clients the staff can carry", why,
                  "Write clients_per_fte = 20, or posts = 2 and clients_per_post = 10.");
  if (per_fte == nullptr && (posts == nullptr || per_post == nullptr))
    return refuse((posts != nullptr ? posts : per_post)->at,
                  posts == nullptr ? "has clients_per_post and no posts" : "has posts and no clients_per_post", why,
                  posts == nullptr ? "Write posts = 1." : "Write clients_per_post = 10.");
  for (const auto& [name, good] :
       {std::pair{"hours", posts != nullptr}, std::pair{"standard_clients_per_post", posts != nullptr},
        std::pair{"standard_clients_per_fte", per_fte != nullptr}})
    if (const Cell* cell = row.find(name); cell != nullptr && !good)
      return refuse(cell->at, std::string{"has "} + name + (per_fte != nullptr ? " and clients_per_fte" : " and posts"),
                    per_fte != nullptr ? "clients of one FTE are looked after in that person's own hours"
                                       : "the standard of posts is so many clients for them",
                    per_fte != nullptr
                        ? "Hours and their standard are those of posts: write posts and clients_per_post."
                        : "Write standard_clients_per_post.");
  return true;
}

/// The setting or the pool of units that needs the staff.
bool read_target(Context& context, const RowView& row, StaffingSpec& made) {
  const Cell* cell = row.find("setting");
  if (cell == nullptr) {
    missing_field(context, row, "setting", "staff are needed by a setting or a pool of units");
    return false;
  }
  const auto pool = context.pools.find(cell->text);
  made.is_pool = pool.has_value();
  const auto found = pool ? pool : find_name(context, *cell, row.path("setting"), context.settings);
  if (!found) return false;
  made.target = found.value_or(0);
  if (made.is_pool || made.target != 0) return true;
  context.error(cell->at, code("staff-ratio"), row.path("setting"), "is \"outside\"",
                "clients who are outside need no staff");
  return false;
}

bool read_pool_name(Context& context, const RowView& row, StaffingSpec& made) {
  const Cell* cell = row.find("staff");
  if (cell == nullptr) {
    missing_field(context, row, "staff", "a row of staffing names a row of staff");
    return false;
  }
  const auto found = find_name(context, *cell, row.path("staff"), context.staff);
  made.staff = found.value_or(0);
  return found.has_value();
}

/// Clients of an FTE or of posts; false where they cannot be read.
bool read_ratio(Context& context, const RowView& row, StaffingSpec& made) {
  const NumberRule clients{.dimension = kPlain, .range = Range::above_to(0.0, kMostClients), .may_vary = false};
  bool good = check_ratio(context, row);
  for (const char* name : {"clients_per_fte", "clients_per_post"})
    if (const Cell* cell = row.find(name)) {
      auto carried = read_varying(context, *cell, row.path(name), clients);
      good = good && carried;
      if (carried) made.clients = std::move(*carried);
    }
  if (const Cell* cell = row.find("posts")) {
    made.posts = read_varying(context, *cell, row.path("posts"),
                              {.dimension = kPlain, .range = Range::above_to(0.0, kMostFte), .may_vary = false});
    good = good && made.posts;
  }
  for (const char* name : {"standard_clients_per_fte", "standard_clients_per_post"})
    if (const Cell* cell = row.find(name))
      made.standard_clients =
          read_fixed(context, *cell, row.path(name), {.dimension = kPlain, .range = clients.range}).value_or(0.0);
  return good;
}

std::optional<StaffingSpec> read_row(Context& context, const RowView& row) {
  StaffingSpec made;
  made.id = row.row.id;
  made.at = row.row.at;
  const bool has_target = read_target(context, row, made);
  const bool has_staff = read_pool_name(context, row, made);
  const bool has_ratio = read_ratio(context, row, made);
  if (const Cell* cell = row.find("hours"); cell != nullptr && cell->text != "24/7")
    made.hours = read_post_hours(context, *cell, row.path("hours"));
  if (const Cell* cell = row.find("limits"))
    if (const auto word = read_word(context, *cell, row.path("limits"), {"yes", "no"})) made.limits = *word == 0;
  made.provenance = read_provenance(context, row);
  if (!has_target || !has_staff || !has_ratio) return std::nullopt;
  return made;
}

/// Whether units are counted before staff are asked after.
bool has_capacity(const Model& model, const StaffingSpec& row) {
  return row.is_pool ? model.pools[row.target].capacity.has_value() : model.settings[row.target].capacity.has_value();
}

/// A setting with posts at some hours of the week, and nobody at the others.
void tell_hours_without_staff(Context& context, const SettingSpec* setting, bool is_pool, std::uint32_t target) {
  std::vector<WeekWindow> hours;
  const StaffingSpec* first = nullptr;
  for (const StaffingSpec& row : context.model.staffing) {
    if (row.is_pool != is_pool || row.target != target || !row.limits) continue;
    if (row.hours.empty()) return;  // also those of clients per FTE
    if (first == nullptr) first = &row;
    hours.insert(hours.end(), row.hours.begin(), row.hours.end());
  }
  if (first == nullptr) return;
  std::sort(hours.begin(), hours.end(), [](const WeekWindow& a, const WeekWindow& b) { return a.begins < b.begins; });
  const auto is_covered = [&](double from, double to) {
    double at = from;
    for (const double week : {-kHoursOfWeek, 0.0, kHoursOfWeek})
      for (const WeekWindow& window : hours)
        if (window.begins + week <= at && window.ends + week > at) at = window.ends + week;
    return at >= to;
  };
  if (is_covered(0.0, kHoursOfWeek)) return;
  if (setting != nullptr && !setting->admits.empty() &&
      std::all_of(setting->admits.begin(), setting->admits.end(),
                  [&](const WeekWindow& window) { return is_covered(window.begins, window.ends); }))
    return;
  context.problems.warning(
      first->at, code("staff-night"), "staffing." + first->id,
      "asks for nobody at the other hours, in which staff limit nothing",
      "no other row of the setting is on duty then, so all its beds and slots can be used",
      setting == nullptr ? "Write a second row with the other hours."
                         : "Write a second row with the other hours; or, if nobody comes in then, give the setting "
                           "admits = those hours.");
}

}  // namespace

void write_out_staffing(Document& document, Problems& problems) {
  Table made;
  if (const Table* written = document.find("staffing")) made = *written;
  made.name = "staffing";
  for (const auto& [name, kind_field] : {std::pair{"settings", "source_kind"}, std::pair{"pools", "kind"}})
    if (const Table* table = document.find(name))
      for (const Row& owner : table->rows) take_rows(owner, *table, kind_field, made, problems);
  if (made.rows.empty()) return;
  name_rows(made);
  if (Table* there = document.find("staffing")) {
    *there = std::move(made);
  } else {
    made.at = made.rows.front().at;
    document.tables.push_back(std::move(made));
  }
}

void read_staff(Context& context) {
  read_rows(context, "staff", context.staff, context.model.staff, read_pool);
  const Table* table = context.table("staffing");
  if (table == nullptr) return;
  for (const Row& row : table->rows)
    if (auto made = read_row(context, {row, "staffing." + row.id})) context.model.staffing.push_back(std::move(*made));
}

/// Staff without a setting are fine: they are budgeted, hired and paid all the same.
void check_staff(Context& context) {
  for (std::uint32_t s = 0; s < context.model.settings.size(); ++s)
    tell_hours_without_staff(context, &context.model.settings[s], false, s);
  for (std::uint32_t p = 0; p < context.model.pools.size(); ++p) tell_hours_without_staff(context, nullptr, true, p);
  for (std::uint32_t pool = 0; pool < context.model.staff.size(); ++pool) {
    const StaffSpec& staff = context.model.staff[pool];
    std::size_t rows = 0;
    const StaffingSpec* without = nullptr;
    for (const StaffingSpec& row : context.model.staffing) {
      if (row.staff != pool) continue;
      ++rows;
      if (!has_capacity(context.model, row)) without = &row;
    }
    if (staff.share == StaffShare::proportion && rows > 1 && without != nullptr)
      context.error(without->at, code("staff-share"), "staffing." + without->id,
                    "shares the staff of \"" + staff.id + "\" in proportion to need, and has no capacity of its own",
                    "what it needs is what its capacity needs, and there is none",
                    "Give the setting a capacity, or share by order: order = [...] in [staff." + staff.id +
                        "]; who has no capacity takes all that is left.");
  }
}

}  // namespace tl::reading
