#pragma once
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

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
  kStaff = 1U << 13,      ///< staff pools that leave and are hired, for places with a capacity
  kMoreStaff = 1U << 14,  ///< overtime, temporary people and teams in those pools
  kBudgets = 1U << 15,    ///< costs, and budgets that stop admissions when they are spent
};
inline constexpr std::uint32_t kEverything = (1U << 16) - 1;

struct Recipe {
  std::uint64_t seed = 0;
  std::uint32_t settings = 1;  ///< 1 … 20
  std::uint32_t features = kEverything;
};

namespace detail {

/// SplitMix64 (Steele, Lea & Flood 2014): small, and the same everywhere.
class Source {
 public:
  explicit Source(std::uint64_t seed) : state_{seed} {}
  std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>((next() >> 32) * count >> 32); }
  bool chance(std::uint32_t percent) { return below(100) < percent; }
  std::uint32_t between(std::uint32_t low, std::uint32_t high) { return low + below(high - low + 1); }
  double real(double low, double high) { return low + (high - low) * static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

inline std::string shown(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.3f", value);
  return buffer;
}
inline std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

inline constexpr double kHorizonDays = 60.0;
inline constexpr const char* kDomains[] = {"prevention", "outreach", "crisis",   "treatment",
                                           "housing",    "custody",  "community"};

class Writer {
 public:
  explicit Writer(const Recipe& recipe)
      : recipe_{recipe}, source_{recipe.seed * 0x2545f4914f6cdd1d + 1}, places_{recipe.settings} {
    if (has(kPrograms) && recipe.settings >= 3) {
      programs_ = source_.between(1, recipe.settings / 3);
      places_ -= programs_;
    }
    for (std::uint32_t p = 0; p < places_; ++p) finite_.push_back(has(kLimits) && source_.chance(60));
    for (std::uint32_t p = 0; p < places_; ++p)
      until_moved_.push_back(!finite_[p] && has(kEvents) && source_.chance(20));
  }

  std::string write() {
    head();
    if (has(kTraits)) traits();
    out_ += "[departments.north]\n[departments.south]\n[departments.west]\n[outcomes.counted]\n\n";
    for (std::uint32_t p = 0; p < places_; ++p) place(p);
    for (std::uint32_t p = 0; p < programs_; ++p) program(p);
    arrivals();
    if (has(kInitial)) initial();
    if (has(kEvents)) events();
    if (has(kHandoffs)) handoffs();
    if (has(kStaff)) staff();
    if (has(kBudgets)) budgets();
    return out_;
  }

 private:
  bool has(Feature feature) const { return (recipe_.features & feature) != 0; }
  std::string place_id(std::uint32_t p) const { return "p" + std::to_string(p); }
  std::string program_id(std::uint32_t p) const { return "g" + std::to_string(p); }
  std::string any_place() { return place_id(source_.below(places_)); }
  std::string any_program() { return program_id(source_.below(programs_)); }
  std::string any_department() { return std::vector<std::string>{"north", "south", "west"}[source_.below(3)]; }

  /// An unlimited place: `outside` always is one.
  std::string unlimited_place() {
    for (std::uint32_t i = 0; i < places_; ++i) {
      const std::uint32_t p = source_.below(places_);
      if (!finite_[p]) return place_id(p);
    }
    return "outside";
  }

  std::string condition(bool timed) {
    std::string clause;
    const std::uint32_t kind = source_.below(timed ? 8 : 7);
    switch (kind) {
      case 0:
      case 1:
        clause = has(kTraits) ? "acuity = high" : "place != " + any_place();
        break;
      case 2:
        clause = has(kTraits) ? "sud = yes & acuity != low" : "department = " + any_department();
        break;
      case 3:
        clause = "place = " + any_place() + " | " + any_place();
        break;
      case 4:
        clause = "department = " + any_department();
        break;
      case 5:
        clause = programs_ > 0 ? "enrolled = " + any_program() : "domain = crisis | custody";
        break;
      case 6:
        clause = source_.chance(50) ? "stay_over = yes"
                 : has(kStanding)   ? "waiting_for = " + any_place()
                                    : "in_handoff = no";
        break;
      default:
        clause = (source_.chance(50) ? "since_entry >= " : "since_place < ") + shown(source_.real(0.5, 12.0)) + " d";
        break;
    }
    return clause;
  }

  std::string number(double low, double high) {
    const std::string base = shown(source_.real(low, high));
    if (!source_.chance(35)) return quoted(base + " d");
    const std::string first =
        "{ when = " + quoted(condition(false)) + ", scale = " + shown(source_.real(0.3, 2.0)) + " }";
    const std::string second = source_.chance(40)
                                   ? ", { when = " + quoted(condition(false)) +
                                         ", value = " + quoted(shown(source_.real(low, high)) + " d") + " }"
                                   : "";
    return "{ base = " + quoted(base + " d") + ", vary = [" + first + second + "] }";
  }

  /// A length of some days. Ties: whole days, so that many things fall on one instant.
  std::string length(double low, double high, bool may_be_zero) {
    if (has(kTies) && source_.chance(45)) {
      if (may_be_zero && source_.chance(25)) return quoted("0 d");
      switch (source_.below(3)) {
        case 0:
          return quoted(std::to_string(source_.between(1, 6)) + " d");
        case 1:
          return std::string{"{ kind = \"discrete\", values = [\""} + (may_be_zero ? "0" : "1") +
                 " d\", \"2 d\", \"5 d\"], shares = [0.3, 0.5, 0.2] }";
        default:
          return "{ kind = \"exponential\", mean = " + number(low, high) + ", round = " +
                 quoted(may_be_zero && source_.chance(50) ? "down"
                        : source_.chance(50)              ? "up"
                                                          : "random") +
                 ", floor = " + quoted(may_be_zero ? "0 d" : "1 d") + " }";
      }
    }
    switch (source_.below(6)) {
      case 0:
        return "{ kind = \"uniform\", low = \"0.1 d\", high = " + quoted(shown(source_.real(low, high) + 0.2) + " d") +
               " }";
      case 1:
        return "{ kind = \"lognormal\", mean = " + number(low, high) + ", sd = \"2 d\" }";
      case 2:
        return "{ kind = \"gamma\", mean = " + number(low, high) + ", cv = 0.8 }";
      case 3:
        return "{ kind = \"weibull\", scale = " + number(low, high) + ", shape = 1.4 }";
      case 4:
        return "{ kind = \"erlang\", mean = " + number(low, high) + ", stages = 3, shift = \"0.25 d\" }";
      default:
        return "{ kind = \"exponential\", mean = " + number(low, high) + " }";
    }
  }

  std::string actions(bool on_entry) {
    std::vector<std::string> found;
    const std::uint32_t count = source_.between(1, 3);
    for (std::uint32_t i = 0; i < count; ++i) found.push_back(action(on_entry));
    std::string text = "[";
    for (const std::string& each : found) text += (text.size() > 1 ? ", " : "") + quoted(each);
    return text + "]";
  }

  std::string action(bool on_entry) {
    // Entries that ask at once for a place could go round for ever: only now and then, and never for certain.
    std::string tail = on_entry || source_.chance(50) ? " share " + std::to_string(source_.between(10, 60)) + "%" : "";
    if (source_.chance(30)) tail += " when " + condition(false);
    const std::uint32_t kind = source_.below(8);
    if (kind == 0 && has(kTraits)) return "set acuity=" + std::string{source_.chance(50) ? "high" : "low"} + tail;
    if (kind == 1 && programs_ > 0) return "enrol " + any_program() + tail;
    if (kind == 2 && programs_ > 0) return "request " + any_program() + tail;
    if (kind == 3 && programs_ > 0) return "end " + any_program() + tail;
    if (kind <= 5 && has(kStanding)) return "request " + any_place() + (source_.chance(30) ? " keep" : "") + tail;
    if (kind == 6 && has(kStanding)) return (source_.chance(40) ? "drop all" : "drop " + any_place()) + tail;
    return "count counted" + tail;
  }

  void head() {
    out_ =
        "[model]\nname = \"random\"\nhorizon = \"" + shown(kHorizonDays) + " d\"\nevery = \"20 d\"\nreplications = 3\n";
    if (!has(kInitial) && source_.chance(50)) out_ += "warmup = \"10 d\"\n";
    if (source_.chance(50)) out_ += "observe = [\"5 d\", \"20 d\", \"33.3 d\"]\n";
    out_ += "\n";
  }

  void traits() {
    out_ +=
        "[traits]\nacuity = { values = [\"low\", \"mid\", \"high\"] }\nsud = { values = [\"no\", \"yes\"] }\n\n"
        "[populations.all]\n[[mix]]\npopulation = \"all\"\ntrait = \"acuity\"\nvalue = \"mid\"\nshare = 0.3\n"
        "[[mix]]\npopulation = \"all\"\ntrait = \"acuity\"\nvalue = \"high\"\nshare = 0.25\n"
        "[[mix]]\npopulation = \"all\"\ntrait = \"sud\"\nvalue = \"yes\"\nshare = 0.2\n"
        "[[mix]]\npopulation = \"all\"\ntrait = \"sud\"\nvalue = \"yes\"\nwhen = \"acuity = high\"\nshare = 0.6\n\n";
  }

  void capacity(std::uint32_t units) {
    if (!has(kDated) || !source_.chance(40)) {
      out_ += "capacity = " + std::to_string(units) + "\n";
      return;
    }
    out_ += "capacity = { base = " + std::to_string(units) +
            ", dated = [ { at = \"12 d\", value = " + std::to_string(source_.below(units + 1)) +
            " }, { at = \"30 d\", value = " + std::to_string(units + source_.below(4)) + " }" +
            (source_.chance(50) ? ", { at = \"45 d\", value = 1 } ]" : " ]") +
            (source_.chance(30) ? ", shape = \"linear\" }\n" : " }\n");
  }

  void queue(bool is_program) {
    if (!has(kQueues)) return;
    if (source_.chance(40))
      out_ += "queue.discipline = \"priority\"\nqueue.priority = [" + quoted(condition(false)) +
              (source_.chance(50) ? ", " + quoted(condition(false)) : "") + "]\n";
    if (source_.chance(30)) out_ += "queue.limit = " + std::to_string(source_.below(5)) + "\n";
    if (source_.chance(20)) out_ += "queue.limit_in_place = " + std::to_string(source_.below(3)) + "\n";
    if (source_.chance(40)) out_ += "queue.patience = " + length(1.0, 9.0, false) + "\n";
    if (source_.chance(30)) out_ += "queue.standard = \"2 d\"\n";
    if (is_program) return;
    if (source_.chance(30)) out_ += "queue.on_refuse = \"outside\"\n";
    if (source_.chance(30)) out_ += "queue.on_renege = \"leave:tired\"\n";
  }

  void place(std::uint32_t p) {
    out_ += "[settings." + place_id(p) + "]\nkind = \"place\"\ndepartment = " + quoted(any_department()) +
            "\ndomain = " + quoted(kDomains[source_.below(7)]) + "\nlevel = " + std::to_string(source_.below(7)) + "\n";
    if (finite_[p])
      capacity(source_.between(1, 12));
    else
      out_ += "capacity = \"unlimited\"\n";
    // Stays of no time lead on to later places only, so that nobody goes round in no time.
    const bool may_be_zero = source_.chance(20);
    if (until_moved_[p])
      out_ += "stay = \"until_moved\"\n";
    else
      out_ += "stay = " + length(0.5, 6.0, may_be_zero) + "\n";
    if (finite_[p]) queue(false);
    if (finite_[p] && has(kTurnaround) && source_.chance(40)) out_ += "turnaround = " + length(0.1, 1.5, true) + "\n";
    if (source_.chance(30)) out_ += "returns = \"15 d\"\n";
    if (source_.chance(35)) out_ += "on_entry = " + actions(true) + "\n";
    out_ += "\n";
    if (!until_moved_[p]) routes(p, may_be_zero);
  }

  void routes(std::uint32_t p, bool onward_only) {
    const std::uint32_t count = source_.below(4);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint32_t goal = source_.below(places_);
      if (onward_only && goal <= p) continue;
      if (goal == p) {
        if (onward_only) continue;
        out_ += "[[routes]]\nfrom = " + quoted(place_id(p)) + "\nto = \"stay\"\nshare = 0.1\n\n";
        continue;
      }
      out_ += "[[routes]]\nfrom = " + quoted(place_id(p)) + "\nto = " + quoted(place_id(goal)) + "\n";
      if (has(kTraits) && source_.chance(20))
        out_ += "share = { base = 0.19, vary = [ { when = \"acuity = high\", value = 0.05 } ] }\n";
      else
        out_ += "share = " + shown(source_.real(0.05, 0.19)) + "\n";
      move_details(true);
      out_ += "\n";
    }
    out_ += "[[routes]]\nfrom = " + quoted(place_id(p)) + "\n";
    const std::uint32_t last = source_.below(10);
    const std::uint32_t goal = source_.below(places_);
    if (last < 5 || goal == p || (onward_only && goal < p)) {
      out_ += "to = \"leave:done\"\n";
    } else {
      out_ += "to = " + quoted(place_id(goal)) + "\nshare = 0.4\n";
      move_details(true);
      out_ += "\n[[routes]]\nfrom = " + quoted(place_id(p)) + "\nto = \"leave:over\"\n";
    }
    if (source_.chance(25)) out_ += "do = " + actions(false) + "\n";
    out_ += "\n";
  }

  void move_details(bool from_place) {
    if (has(kWaiting) && source_.chance(50))
      out_ += "wait = " + quoted(source_.chance(40) ? "line" : unlimited_place()) + "\n";
    if (from_place && source_.chance(30)) out_ += "do = " + actions(false) + "\n";
    if (from_place && has(kTurnaround) && source_.chance(25)) out_ += "delay = " + length(0.2, 2.0, true) + "\n";
    if (has(kHandoffs) && source_.chance(30)) handoff("handoff.");
  }

  void handoff(const std::string& prefix) {
    if (source_.chance(80))
      out_ += prefix + "delay = " + length(0.2, 3.0, true) + "\n";
    else
      out_ += prefix + "delay = \"0 d\"\n";
    if (source_.chance(60)) {
      out_ += prefix + "lost = " + shown(source_.real(0.02, 0.5)) + "\n";
      out_ += prefix + "lost_to = " + quoted(source_.chance(50) ? "leave:lost" : "outside") + "\n";
    }
    if (source_.chance(35)) out_ += prefix + "during = " + quoted(unlimited_place()) + "\n";
  }

  void program(std::uint32_t p) {
    out_ += "[settings." + program_id(p) + "]\nkind = \"program\"\ndepartment = " + quoted(any_department()) +
            "\ndomain = \"treatment\"\n";
    const bool finite = has(kLimits) && source_.chance(70);
    if (finite)
      capacity(source_.between(1, 10));
    else
      out_ += "capacity = \"unlimited\"\n";
    const bool ends = source_.chance(80);
    out_ += ends ? "stay = " + length(1.0, 12.0, false) + "\n" : std::string{"stay = \"until_moved\"\n"};
    if (finite) queue(true);
    if (finite && has(kTurnaround) && source_.chance(40)) out_ += "turnaround = " + length(0.1, 1.5, true) + "\n";
    if (source_.chance(40)) out_ += "on_entry = " + actions(true) + "\n";
    out_ += "\n";
    if (!ends) return;
    if (source_.chance(40)) out_ += "[[routes]]\nfrom = " + quoted(program_id(p)) + "\nto = \"stay\"\nshare = 0.3\n\n";
    const std::uint32_t next = source_.below(programs_);
    if (next != p)
      out_ +=
          "[[routes]]\nfrom = " + quoted(program_id(p)) + "\nto = " + quoted(program_id(next)) + "\nshare = 0.3\n\n";
    out_ += "[[routes]]\nfrom = " + quoted(program_id(p)) + "\nto = \"end\"\n";
    if (source_.chance(60)) out_ += "do = " + actions(false) + "\n";
    out_ += "\n";
  }

  void arrivals() {
    const std::uint32_t count = source_.between(1, 3);
    for (std::uint32_t a = 0; a < count; ++a) {
      const std::string id = "a" + std::to_string(a);
      out_ += "[arrivals." + id + "]\n";
      if (has(kTraits)) out_ += source_.chance(70) ? "population = \"all\"\n" : "traits = \"acuity=high; sud=yes\"\n";
      arrival_process();
      if (has(kArrivals) && source_.chance(30))
        out_ += "batch = { kind = \"discrete\", values = [0, 1, 3], shares = [0.2, 0.5, 0.3] }\n";
      if (source_.chance(60)) {
        out_ += "to = " + quoted(any_place()) + "\n";
        if (source_.chance(30)) out_ += "do = " + actions(false) + "\n";
        if (has(kWaiting) && source_.chance(30)) out_ += "wait = " + quoted(unlimited_place()) + "\n";
        out_ += "\n";
      } else {
        out_ += "\n[[routes]]\nfrom = \"arrivals." + id + "\"\nto = " + quoted(any_place()) + "\nshare = 0.6\n";
        if (source_.chance(40)) out_ += "do = " + actions(false) + "\n";
        out_ += "\n[[routes]]\nfrom = \"arrivals." + id + "\"\nto = \"end\"\ndo = " + actions(false) + "\n\n";
      }
    }
  }

  void arrival_process() {
    const std::uint32_t kind = has(kArrivals) ? source_.below(5) : 4;
    const std::string rate = shown(source_.real(0.5, 6.0)) + " / d";
    if (kind == 0)
      out_ += "gap = " + length(0.2, 1.0, false) + "\n";
    else if (kind == 1)
      out_ += "dates = [\"1 d\", \"1 d\", \"2 d\", \"7.5 d\", \"30 d\", \"45 d\"]\n";
    else if (has(kDated) && source_.chance(50))
      out_ += "rate = { base = " + quoted(rate) +
              ", dated = [ { at = \"20 d\", value = \"1 / d\" }, { at = \"40 d\", value = " + quoted(rate) +
              " } ], shape = " + quoted(source_.chance(50) ? "linear" : "step") + " }\n" +
              (source_.chance(40) ? "weekdays = [1.2, 1, 1, 1, 1.1, 0.7, 0]\n" : "");
    else
      out_ += "rate = " + quoted(rate) + "\n" + (source_.chance(30) ? "growth = 0.5\n" : "");
  }

  void initial() {
    const std::uint32_t count = source_.between(1, 4);
    for (std::uint32_t i = 0; i < count; ++i) {
      out_ +=
          "[[initial]]\nplace = " + quoted(any_place()) + "\ncount = " + std::to_string(source_.between(1, 15)) + "\n";
      if (has(kTraits) && source_.chance(50)) out_ += "population = \"all\"\n";
      switch (source_.below(6)) {
        case 0:
          out_ += "stay = \"residual\"\n";
          break;
        case 1:
          out_ += "stay = \"fresh\"\n";
          break;
        case 2:
          out_ += "stay = { elapsed = \"2 d\" }\n";
          break;
        case 3:
          out_ += "stay = { remaining = { kind = \"uniform\", low = \"0 d\", high = \"9 d\" } }\n";
          break;
        case 4:
          out_ += "stay = { share_of_stay = { kind = \"uniform\", low = 0, high = 1 }, least = \"1 d\" }\n";
          break;
        default:
          break;
      }
      if (source_.chance(50)) out_ += "do = " + actions(false) + "\n";
      if (source_.chance(40)) out_ += "waited = \"" + std::to_string(source_.between(1, 9)) + " d\"\n";
      out_ += "\n";
    }
  }

  void events() {
    const std::uint32_t count = source_.between(1, 4);
    for (std::uint32_t e = 0; e < count; ++e) {
      const std::string id = "e" + std::to_string(e);
      const std::string rate = shown(source_.real(0.01, 0.15)) + " / d";
      out_ += "[events." + id + "]\n";
      const std::uint32_t kind = source_.below(4);
      if (kind == 0)
        out_ += "rate = { base = " + quoted(rate) + ", vary = [ { when = " + quoted(condition(true)) +
                ", scale = 3 }, { when = " + quoted(condition(true)) + ", scale = 0.4 } ] }\n";
      else if (kind == 1 && has(kDated))
        out_ += "rate = { base = " + quoted(rate) +
                ", dated = [ { at = \"15 d\", value = \"0.3 / d\" }, { at = \"35 d\", value = " + quoted(rate) +
                " } ] }\n";
      else
        out_ += "rate = " + quoted(rate) + "\n";
      if (source_.chance(50)) out_ += "when = " + quoted(condition(true)) + "\n";
      const std::uint32_t what = source_.below(4);
      if (what == 0)
        out_ += "to = \"end\"\ndo = " + actions(false) + "\n\n";
      else if (what == 1)
        out_ += "to = \"leave:gone\"\n\n";
      else {
        out_ += "\n[[routes]]\nfrom = \"events." + id + "\"\nto = " + quoted(any_place()) + "\nshare = 0.5\n";
        move_details(false);
        if (source_.chance(40)) out_ += "do = " + actions(false) + "\n";
        out_ += "\n[[routes]]\nfrom = \"events." + id +
                "\"\nto = " + quoted(source_.chance(60) ? "leave:moved" : any_place()) + "\n\n";
      }
    }
    // Those who stay until moved, and those outside, go some day.
    out_ += "[events.goes]\nrate = \"0.1 / d\"\nwhen = \"place = outside";
    for (std::uint32_t p = 0; p < places_; ++p)
      if (until_moved_[p]) out_ += " | " + place_id(p);
    out_ += "\"\nto = \"leave:went\"\n\n";
  }

  void handoffs() {
    const char* heads[] = {"between = \"within\"\n", "between = \"across\"\n", "from = \"north\"\nto = \"south\"\n",
                           "from = \"any\"\nto = \"west\"\n"};
    for (std::uint32_t i = 0; i < 4; ++i) {
      if (!source_.chance(40)) continue;
      out_ += std::string{"[[handoffs]]\n"} + heads[i];
      handoff("");
      out_ += "\n";
    }
  }

  std::string time_to_hire() {
    const std::string days = shown(source_.real(0.5, 8.0));
    switch (source_.below(3)) {
      case 0:
        return quoted(std::to_string(source_.below(4)) + " d");
      case 1:
        return "{ kind = \"exponential\", mean = " + quoted(days + " d") + " }";
      default:
        return "{ kind = \"gamma\", mean = " + quoted(days + " d") + ", cv = 0.5 }";
    }
  }

  void staff_pool(std::uint32_t s) {
    out_ += "[staff.s" + std::to_string(s) + "]\nrole = \"nurse\"\n";
    const std::string fte = shown(source_.real(0.3, 9.0));
    if (source_.chance(40))
      out_ += "fte = { base = " + fte + ", dated = [{ at = \"15 d\", value = " + shown(source_.real(0.0, 12.0)) +
              " }, { at = \"35 d\", value = " + shown(source_.real(0.0, 6.0)) + " }]" +
              (source_.chance(50) ? ", shape = \"linear\"" : "") + " }\n";
    else
      out_ += "fte = " + fte + '\n';
    if (source_.chance(85)) out_ += "turnover = " + quoted(shown(source_.real(0.01, 0.4)) + " / d") + '\n';
    if (source_.chance(80)) out_ += "time_to_hire = " + time_to_hire() + '\n';
    if (source_.chance(30)) out_ += "hires_at_once = " + std::to_string(source_.between(1, 2)) + '\n';
    if (source_.chance(30)) out_ += "vacant_at_start = 0.5\n";
    if (source_.chance(50)) out_ += "share = \"order\"\n";
    if (has(kMoreStaff)) more_staff();
    out_ += "\n";
  }

  void more_staff() {
    if (source_.chance(40))
      out_ += "overtime = { up_to = { base = 0.1, dated = [{ at = \"20 d\", value = " + shown(source_.real(0.0, 0.9)) +
              " }] } }\n";
    if (source_.chance(40))
      out_ += "agency = { up_to = " + shown(source_.real(0.0, 5.0)) + ", after = \"" +
              std::to_string(source_.below(5)) + " d\", pay = \"$95 / h\" }\n";
    if (source_.chance(30))
      out_ += "team = { of = 3, opens_at = 2, closes_under = " + std::to_string(source_.between(1, 2)) + " }\n";
  }

  /// What a place costs, and money for a part of the days.
  void budgets() {
    for (std::uint32_t p = 0; p < places_; ++p) {
      if (!source_.chance(30)) continue;
      const std::string id = place_id(p);
      out_ += "[costs.c" + id + "]\nsetting = " + quoted(id) +
              "\nper = " + quoted(source_.chance(60) ? "client day" : "admission") + "\namount = 10\n\n";
      if (source_.chance(70))
        out_ += "[budgets.b" + id + "]\namount = " + std::to_string(source_.between(0, 1500)) +
                "\nevery = " + quoted(source_.chance(70) ? "month" : "once") + "\ncounts = { settings = [" +
                quoted(id) + "] }\n" + (finite_[p] ? "stops_admissions = [" + quoted(id) + "]\n" : "") +
                "review = " + quoted(source_.chance(50) ? "1 d" : "5 h") + "\n\n";
    }
  }

  void staff() {
    const std::uint32_t pools = source_.between(1, 3);
    for (std::uint32_t s = 0; s < pools; ++s) staff_pool(s);
    for (std::uint32_t p = 0; p < places_; ++p) {
      if (!finite_[p] || !source_.chance(60)) continue;
      for (std::uint32_t row = source_.between(1, 2); row-- > 0;) {
        out_ += "[[staffing]]\nsetting = " + quoted(place_id(p)) + "\nstaff = \"s" +
                std::to_string(source_.below(pools)) + "\"\n";
        if (source_.chance(50))
          out_ += "clients_per_fte = " + shown(source_.real(0.4, 4.0)) + "\nstandard_clients_per_fte = 1\n";
        else
          out_ += "posts = " + std::to_string(source_.between(1, 2)) +
                  "\nclients_per_post = " + std::to_string(source_.between(1, 5)) + '\n' +
                  (source_.chance(50) ? "hours = \"mon-fri 08:00-20:00\"\n" : "");
        out_ += '\n';
      }
    }
  }

  Recipe recipe_;
  Source source_;
  std::uint32_t places_, programs_ = 0;
  std::vector<bool> finite_, until_moved_;
  std::string out_;
};

}  // namespace detail

/// The model's text: accepted by the reader but for rare cases such as a limited place without a way out.
inline std::string text(const Recipe& recipe) {
  return detail::Writer{recipe}.write();
}

/// The same model with another stream of arrivals, a setting nobody reaches, a trait nothing looks at, an event that
/// never happens: what must change nothing for the clients of the model itself.
enum class Extra { stream, setting, trait, event };
inline std::string text_with(const Recipe& recipe, Extra extra) {
  std::string model = text(recipe);
  switch (extra) {
    case Extra::stream:
      return model + "[arrivals.extra]\nrate = \"1.5 / d\"\nto = \"p0\"\n";
    case Extra::setting:
      return model +
             "[settings.aside]\nkind = \"place\"\ncapacity = 3\nstay = \"2 d\"\n[[routes]]\nfrom = \"aside\"\nto = "
             "\"leave:done\"\n";
    case Extra::trait: {
      const std::string more = "hair = { values = [\"fair\", \"dark\"] }\n";
      const std::size_t traits = model.find("[traits]\n");
      if (traits == std::string::npos) return model + "[traits]\n" + more;
      return model.insert(traits + 9, more);
    }
    case Extra::event:
      return model + "[events.never]\nrate = \"0 / d\"\nto = \"leave:never\"\n";
  }
  return model;
}

}  // namespace tl::random_model
