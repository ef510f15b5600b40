#include <algorithm>
#include <cmath>
#include <set>

#include "models/read_context.hpp"

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

/// Dollars a year, however written: 118000, "$118,000" or "$118,000 / y".
std::optional<VaryingNumber> read_salary(Context& context, const Cell& cell, const std::string& field) {
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
    salary->base *= kDaysPerYear;
    for (DatedValue& dated : salary->dated) dated.value *= kDaysPerYear;
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
  const auto useless = [&](std::string_view field, const char* why, const char* hint) {
    if (const Cell* cell = row.find(field))
      context.problems.warning(cell->at, code("field-useless"), row.path(field), "has no effect", why, hint);
  };
  if (staff.hires_at_once > 0 && row.find("time_to_hire") == nullptr)
    useless("hires_at_once", "a post is filled at once where no time to hire is given",
            "Write time_to_hire = \"95 d\".");
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
  if (const Cell* cell = row.find("salary")) staff.salary = read_salary(context, *cell, row.path("salary"));
  if (const Cell* cell = row.find("benefits"))
    staff.benefits =
        read_fixed(context, *cell, row.path("benefits"), {.dimension = kPlain, .range = Range::between(0.0, 10.0)})
            .value_or(0.0);
  if (staff.salary) staff.split = read_split(context, row);
  if (!staff.salary)
    for (const char* field : {"benefits", "payer", "split"})
      if (const Cell* cell = row.find(field))
        context.problems.warning(cell->at, code("field-useless"), row.path(field), "has no effect",
                                 "the pool has no salary", "Write salary = 118000.");
  read_coming_and_going(context, row, staff);
  read_sharing(context, row, staff);
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
