#include <cmath>
#include <string>

#include "tests/models/language_text.hpp"

// The distributions given by lists, tails and mixtures: from the text to what the engine draws.
namespace {

using namespace tl;
using namespace tl::small;

struct Drawn {
  CompiledModel model;
  Distribution stay;

  double mean_of() const { return mean(stay, model.distributions, model.distribution_tables); }
  double below(double x) const { return cdf(stay, model.distributions, model.distribution_tables, x); }
  double at(double u) const { return quantile(stay, model.distributions, model.distribution_tables, u, 0.5); }
};

Drawn stay(const std::string& text, const std::string& more = "") {
  Drawn drawn;
  drawn.model = compiled_from("[settings.a]\ncapacity = 1\nstay = " + text +
                              "\n[[routes]]\nfrom = \"a\"\nto = \"leave:done\"\n[arrivals.c]\nrate = \"1 / y\"\nto = "
                              "\"a\"\n" +
                              more)
                    .model;
  const StateTable& table = drawn.model.tables[drawn.model.settings[1].stay.index()];
  drawn.stay = drawn.model.distributions[drawn.model.cells[table.first_cell]];
  return drawn;
}

}  // namespace

TEST_CASE("tails and counts: generalised Pareto, Poisson, a normal's absolute value") {
  const Drawn pareto = stay("{ kind = \"generalised_pareto\", low = \"2 d\", scale = \"3 d\", shape = 0.25 }");
  CHECK(pareto.mean_of() == Approx(2.0 + 3.0 / 0.75));
  CHECK(stay("{ kind = \"generalised_pareto\", scale = \"3 d\", shape = 0 }").mean_of() == Approx(3.0));
  CHECK(std::isinf(stay("{ kind = \"generalised_pareto\", scale = \"3 d\", shape = 1 }").mean_of()));
  CHECK(stay("{ kind = \"poisson\", mean = \"3 d\" }").below(0.0) == Approx(std::exp(-3.0)));
  const Drawn folded = stay("{ kind = \"normal\", mean = \"0 d\", sd = \"1 d\", absolute = \"yes\" }");
  CHECK(folded.mean_of() == Approx(std::sqrt(2.0 / 3.14159265358979323846)));
  CHECK(stay("{ kind = \"normal\", mean = \"0 d\", sd = \"1 d\", absolute = false }").below(0.0) == Approx(0.5));
}

TEST_CASE("a sample and a table of chances") {
  const Drawn sample = stay("{ kind = \"empirical\", values = [\"4 d\", \"1 d\", \"2 d\"] }");
  CHECK(sample.at(0.25) == Approx(1.5));
  CHECK(sample.at(0.75) == Approx(3.0));
  const Drawn ends = stay("{ kind = \"hazard\", step = \"7 d\", chances = [0.5, 0.2, 1] }");
  CHECK(ends.below(7.0) == Approx(0.5));
  CHECK(ends.below(14.0) == Approx(0.6));
  CHECK(ends.below(21.0) == 1.0);
  CHECK(ends.mean_of() == Approx(7 * 0.5 + 14 * 0.1 + 21 * 0.4));
  // The last chance goes on: a geometric number of days.
  const Drawn goes_on = stay("{ kind = \"hazard\", step = \"1 d\", chances = [0.25] }");
  CHECK(goes_on.mean_of() == Approx(4.0));
  CHECK(goes_on.below(2.0) == Approx(1.0 - 0.75 * 0.75));
}

TEST_CASE("quantiles: the lognormal through two, lines through more") {
  const Drawn two = stay("{ kind = \"quantiles\", values = [\"14 d\", \"40 d\"], below = [0.5, \"90%\"] }");
  CHECK(two.stay.kind == DistributionKind::lognormal);
  CHECK(two.below(14.0) == Approx(0.5));
  CHECK(two.below(40.0) == Approx(0.9));
  const Drawn lines = stay("{ kind = \"quantiles\", values = [\"4 d\", \"8 d\", \"20 d\"], below = [0.5, 0.75, 1] }");
  CHECK(lines.below(2.0) == Approx(0.25));
  CHECK(lines.below(6.0) == Approx(0.625));
  CHECK(lines.mean_of() == Approx(0.5 * 2 + 0.25 * 6 + 0.25 * 14));
  double before = 0.0;
  for (int i = 1; i < 100; ++i) {
    CHECK(lines.at(i / 100.0) >= before);
    before = lines.at(i / 100.0);
  }
}

TEST_CASE("a mixture's parts are distributions of their own") {
  const std::string text =
      "{ kind = \"mixture\", parts = [ { share = 0.75, kind = \"exponential\", mean = \"2 d\" }, { share = 0.25, kind "
      "= "
      "\"mixture\", parts = [ { share = 1, kind = \"constant\", value = \"10 d\", shift = \"2 d\" } ] } ] }";
  CHECK(stay(text).mean_of() == Approx(0.75 * 2 + 0.25 * 12));
  CHECK(stay(text.substr(0, text.size() - 2) + ", truncate = [\"0 d\", \"5 d\"] }").below(5.0) == 1.0);
}

TEST_CASE("a part of a mixture may vary and be changed") {
  const std::string text =
      "{ kind = \"mixture\", parts = [ { share = 0.5, kind = \"exponential\", mean = { base = \"2 d\", dated = [ { at "
      "= "
      "\"10 d\", value = \"6 d\" } ] } }, { share = 0.5, kind = \"constant\", value = \"4 d\" } ] }";
  const Drawn drawn = stay(text);
  CHECK(drawn.mean_of() == Approx(3.0));
  REQUIRE(drawn.model.patches.size() == 1);
  const Distribution& later = drawn.model.distributions[static_cast<std::size_t>(drawn.model.patches[0].value)];
  CHECK(mean(later, drawn.model.distributions, drawn.model.distribution_tables) == Approx(5.0));
}

TEST_CASE("an infinite mean is no trouble to the expected flow") {
  const std::string text =
      "[settings.a]\ncapacity = 1\nstay = { kind = \"generalised_pareto\", scale = \"3 d\", shape = 2 }\n"
      "[[routes]]\nfrom = \"a\"\nto = \"leave:done\"\n[arrivals.c]\nrate = \"1 / y\"\nto = \"a\"\n";
  CHECK(problems_of(text).find("nan") == std::string::npos);
  compiled_from(text);
}
