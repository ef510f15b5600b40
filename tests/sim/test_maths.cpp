#include "sim/maths.hpp"

#include <algorithm>
#include <cinttypes>
#include <climits>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#ifdef __linux__
#include <unistd.h>
#endif

#include "tests/catch.hpp"
#include "tests/sim/same_bits.hpp"

namespace {

using namespace tl;
using same_bits::uniform_at;
using same_bits::wide_at;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const std::string kAnswers = std::string{TL_SOURCE_DIR} + "/tests/sim/known_answers/maths.txt";

/// Distance in units of the last place of the right value.
double ulps(double got, long double want) {
  const double near = std::abs(static_cast<double>(want));
  const double unit = std::nextafter(near, kInfinity) - near;
  return static_cast<double>(std::abs(static_cast<long double>(got) - want) / static_cast<long double>(unit));
}

double relative(double got, double want) {
  return want == 0.0 ? std::abs(got) : std::abs(got - want) / std::abs(want);
}

struct Worst {
  double log = 0, log_wide = 0, log_near_one = 0, exp = 0, power = 0, power_near_one = 0, log_one_plus = 0,
         exp_minus_one = 0;
};

/// Greatest errors against the C library's 80-bit functions, which are right to about 2^-63.
Worst worst_errors(std::uint32_t n) {
  Worst w;
  const auto keep = [](double& worst, double got, long double want) { worst = std::max(worst, ulps(got, want)); };
  for (std::uint32_t i = 0; i < n; ++i) {
    const double u = uniform_at(i), v = uniform_at(i, 1), wide = wide_at(i);
    keep(w.log, natural_log(u), std::log(static_cast<long double>(u)));
    keep(w.log_wide, natural_log(wide), std::log(static_cast<long double>(wide)));
    const double near_one = 0.9 + 0.2 * u;
    keep(w.log_near_one, natural_log(near_one), std::log(static_cast<long double>(near_one)));
    const double x = 1417.0 * u - 708.0;
    keep(w.exp, exponential(x), std::exp(static_cast<long double>(x)));
    const double y = 2.0 * v - 1.0;
    keep(w.power, power(wide, 0.9 * y), std::pow(static_cast<long double>(wide), static_cast<long double>(0.9 * y)));
    const double base = 0.99 + 0.02 * u, large = 60'000.0 * (v - 0.5);
    keep(w.power_near_one, power(base, large),
         std::pow(static_cast<long double>(base), static_cast<long double>(large)));
    keep(w.log_one_plus, log_one_plus(2.0 * u - 1.0), std::log1p(static_cast<long double>(2.0 * u - 1.0)));
    keep(w.exp_minus_one, exponential_minus_one(2.0 * y), std::expm1(static_cast<long double>(2.0 * y)));
  }
  return w;
}

void check_errors(std::uint32_t n) {
  if (std::numeric_limits<long double>::digits < 64) {
    WARN("long double is no wider than double here: errors not measured");
    return;
  }
  const Worst w = worst_errors(n);
  CHECK(w.log < 1.1);
  CHECK(w.log_wide < 1.1);
  CHECK(w.log_near_one < 1.1);
  CHECK(w.exp < 0.6);
  CHECK(w.power < 0.6);
  CHECK(w.power_near_one < 0.6);
  CHECK(w.log_one_plus < 1.5);
  CHECK(w.exp_minus_one < 3.0);
}

TEST_CASE("log, exp and power err by less than a unit in the last place", "[maths]") {
  check_errors(100'000);
}
TEST_CASE("log, exp and power err by less than a unit in the last place, many arguments", "[maths][nightly]") {
  check_errors(10'000'000);
}

TEST_CASE("the logarithm at its edges", "[maths]") {
  CHECK(natural_log(1.0) == 0.0);
  CHECK(natural_log(0.0) == -kInfinity);
  CHECK(natural_log(-0.0) == -kInfinity);
  CHECK(natural_log(kInfinity) == kInfinity);
  CHECK(std::isnan(natural_log(-1.0)));
  CHECK(std::isnan(natural_log(-kInfinity)));
  CHECK(std::isnan(natural_log(kNaN)));
  for (const double x : {0x1p-1074, 0x1.8p-1060, 0x1p-1023, 0x1p-1022, 0x1.fffffffffffffp1023, 0x1.fffffffffffffp-1,
                         0x1.0000000000001p0})
    CHECK(ulps(natural_log(x), std::log(static_cast<long double>(x))) < 1.1);
}

TEST_CASE("the logarithm does not fall where its intervals meet", "[maths]") {
  for (std::uint64_t i = 0; i <= 128; ++i) {
    const double seam = std::bit_cast<double>(detail::kLogOffset + (i << 45));
    double before = natural_log(std::nextafter(seam, 0.0));
    for (double x = seam, k = 0; k < 3; x = std::nextafter(x, kInfinity), ++k) {
      CHECK(natural_log(x) >= before);
      before = natural_log(x);
    }
  }
}

TEST_CASE("the exponential at its edges", "[maths]") {
  CHECK(exponential(0.0) == 1.0);
  CHECK(exponential(-0.0) == 1.0);
  CHECK(exponential(kInfinity) == kInfinity);
  CHECK(exponential(-kInfinity) == 0.0);
  CHECK(std::isnan(exponential(kNaN)));
  CHECK(exponential(709.79) == kInfinity);
  CHECK(exponential(-745.2) == 0.0);
  CHECK(exponential(-745.0) == 0x1p-1074);
  CHECK(exponential(1e-300) == 1.0);
  for (const double x : {709.78, -708.5, 1.0, 1e-5, -1e-5})
    CHECK(ulps(exponential(x), std::exp(static_cast<long double>(x))) < 0.6);
  CHECK(std::abs(exponential(-740.0) - std::exp(-740.0)) <= 0x1p-1074);
}

TEST_CASE("the power at its edges", "[maths]") {
  CHECK(power(0.0, 2.0) == 0.0);
  CHECK(power(0.0, -2.0) == kInfinity);
  CHECK(power(0.0, 0.0) == 1.0);
  CHECK(power(kInfinity, 0.5) == kInfinity);
  CHECK(power(kInfinity, -0.5) == 0.0);
  CHECK(power(1.0, 1e308) == 1.0);
  CHECK(power(2.0, 1e308) == kInfinity);
  CHECK(power(2.0, -kInfinity) == 0.0);
  CHECK(power(0.5, kInfinity) == 0.0);
  CHECK(std::isnan(power(-1.0, 2.0)));
  CHECK(std::isnan(power(2.0, kNaN)));
  CHECK(std::isnan(power(kNaN, 2.0)));
  for (int k = -1022; k <= 1023; ++k) CHECK(power(2.0, k) == std::ldexp(1.0, k));
  for (int k = 1; k <= 22; ++k) CHECK(ulps(power(10.0, k), std::pow(10.0L, k)) < 0.6);
  CHECK(ulps(power(0x1.8p-1060, 0.3), std::pow(0x1.8p-1060L, static_cast<long double>(0.3))) < 0.6);
}

TEST_CASE("log of 1 + x and e^x - 1 keep small x", "[maths]") {
  CHECK(log_one_plus(0.0) == 0.0);
  CHECK(log_one_plus(1e-20) == 1e-20);
  CHECK(log_one_plus(-1.0) == -kInfinity);
  CHECK(log_one_plus(kInfinity) == kInfinity);
  CHECK(std::isnan(log_one_plus(-2.0)));
  CHECK(exponential_minus_one(1e-20) == 1e-20);
  CHECK(exponential_minus_one(-100.0) == -1.0);
  CHECK(exponential_minus_one(1000.0) == kInfinity);
  CHECK(std::isnan(exponential_minus_one(kNaN)));
}

/// Right values from mpmath 1.3 with 40 digits.
struct Reference {
  double a, b, right;
};
constexpr Reference kNormalCdf[] = {
    {-37.0, 0.0, 5.7255712225245768227e-300},
    {-20.0, 0.0, 2.7536241186062336951e-89},
    {-8.5, 0.0, 9.4795348222033183542e-18},
    {-5.0, 0.0, 2.8665157187919391167e-7},
    {-3.0, 0.0, 0.0013498980316300945267},
    {-1.0, 0.0, 0.15865525393145705141},
    {-0.5, 0.0, 0.30853753872598689636},
    {-0.001, 0.0, 0.49960105778608893741},
    {0.0, 0.0, 0.5},
    {0.3, 0.0, 0.61791142218895263307},
    {1.0, 0.0, 0.84134474606854294859},
    {2.5, 0.0, 0.99379033467422386483},
    {5.0, 0.0, 0.99999971334842812081},
    {8.0, 0.0, 0.9999999999999993779},
};
constexpr Reference kNormalQuantile[] = {
    {1e-300, 0.0, -37.047096299361199237}, {1e-100, 0.0, -21.273453560965324294}, {1e-30, 0.0, -11.46402468844361572},
    {1e-10, 0.0, -6.3613409024040561991},  {1e-05, 0.0, -4.2648907939228246102},  {0.001, 0.0, -3.0902323061678135354},
    {0.02, 0.0, -2.0537489106318230443},   {0.07, 0.0, -1.4757910281791706856},   {0.08, 0.0, -1.4050715603096325447},
    {0.3, 0.0, -0.52440051270804081597},   {0.6, 0.0, 0.25334710313579974132},    {0.9, 0.0, 1.2815515655446005935},
};
constexpr Reference kLogGamma[] = {
    {1e-05, 0.0, 11.512919692895825626},    {0.01, 0.0, 4.5994798780420217016},
    {0.5, 0.0, 0.57236494292470008707},     {0.75, 0.0, 0.20328095143129537148},
    {1.5, 0.0, -0.12078223763524522235},    {2.5, 0.0, 0.28468287047291915963},
    {3.0, 0.0, 0.69314718055994530942},     {7.25, 0.0, 7.0521854507385394449},
    {9.999, 0.0, 12.799575780077413715},    {10.0, 0.0, 12.801827480081469611},
    {55.5, 0.0, 166.32150615984036914},     {1000.0, 0.0, 5905.2204232091812118},
    {1000000.0, 0.0, 12815504.56914761166}, {1000000000.0, 0.0, 19723265827.503716771},
};
constexpr Reference kGammaP[] = {
    {0.001, 1e-10, 0.97780065659862580418},
    {0.1, 0.01, 0.66262125995447979172},
    {0.5, 0.5, 0.68268949213708589717},
    {0.5, 3.0, 0.98569412156457036047},
    {1.0, 1.0, 0.6321205588285576784},
    {2.5, 0.1, 0.00088613878881244260674},
    {2.5, 2.0, 0.45058404864721976739},
    {2.5, 10.0, 0.99875026943696862459},
    {20.0, 5.0, 3.4521358209144602461e-7},
    {20.0, 21.5, 0.65599018094013710872},
    {100.0, 130.0, 0.99724959163269347372},
    {1000.0, 900.0, 0.00054990226571178292301},
    {1000.0, 1010.0, 0.62767894473699472753},
    {3999.0, 4100.0, 0.94398771218937915565},
    {4001.0, 3900.0, 0.054235131963146282834},
    {4001.0, 4100.0, 0.94034365183531306853},
    {100000.0, 99000.0, 0.00075741992117476797412},
    {100000.0, 100500.0, 0.9428967300239712886},
};
constexpr Reference kGammaQuantile[] = {
    {0.01, 0.5, 4.4655350189103551214e-31},  {0.1, 0.1, 6.0730483627431838398e-11},
    {0.5, 0.001, 7.8539857463124497236e-7},  {0.5, 0.5, 0.22746821155978637597},
    {0.5, 0.999, 5.4137830853313653243},     {1.5, 1e-06, 0.00012090524360062140983},
    {2.5, 1e-12, 0.00002562321748415267946}, {2.5, 0.25, 1.3373014047160815577},
    {2.5, 0.9, 4.618178449890559527},        {2.5, 0.999999, 17.944093439805210495},
    {10.0, 0.5, 9.6687146147141311518},      {50.0, 1e-09, 18.454648968590990806},
    {50.0, 0.03, 37.570926546775528353},     {300.0, 0.7, 308.83561561588666299},
    {2000.0, 0.11, 1945.3203046366499731},   {5000.0, 0.4, 4981.7744102483997816},
};
constexpr Reference kTQuantile[] = {
    {0.975, 1.0, 12.706204736174693314},   {0.975, 2.0, 4.3026527297494617894},
    {0.975, 4.0, 2.7764451051977934898},   {0.975, 9.0, 2.2621571627982049992},
    {0.95, 3.5, 2.2224334936496006681},    {0.995, 29.0, 2.7563859036706051204},
    {0.9, 0.7, 5.0099479596464064438},     {0.01, 7.0, -2.9979515668685284191},
    {1e-07, 5.0, -39.341819616899587839},  {0.6, 1.0, 0.32491969623290624903},
    {0.975, 99.0, 1.9842169515864171029},  {0.9999995, 19.0, 7.06911818710034816},
    {0.51, 12.0, 0.025596390148618857501}, {0.975, 1000.0, 1.9623390808264081039},
};

TEST_CASE("special functions agree with 40-digit values", "[maths]") {
  for (const Reference& r : kNormalCdf) CHECK(relative(normal_cdf(r.a), r.right) < 2e-15);
  for (const Reference& r : kNormalQuantile) CHECK(relative(normal_quantile(r.a), r.right) < 2e-15);
  for (const Reference& r : kLogGamma) CHECK(std::abs(log_gamma(r.a) - r.right) < 1e-14 * (1.0 + std::abs(r.right)));
  for (const Reference& r : kGammaP) {
    CAPTURE(r.a, r.b);
    CHECK(relative(regularised_gamma_p(r.a, r.b), r.right) < 1e-12);
    CHECK(std::abs(regularised_gamma_q(r.a, r.b) - (1.0 - r.right)) < 1e-12);
  }
  for (const Reference& r : kGammaQuantile) {
    CAPTURE(r.a, r.b);
    CHECK(relative(gamma_quantile(r.a, r.b), r.right) < 2e-11);
  }
  for (const Reference& r : kTQuantile) {
    CAPTURE(r.a, r.b);
    CHECK(relative(student_t_quantile(r.a, r.b), r.right) < 1e-10);
  }
}

TEST_CASE("special functions at their edges", "[maths]") {
  CHECK(normal_quantile(0.5) == 0.0);
  CHECK(normal_quantile(0.0) == -kInfinity);
  CHECK(normal_quantile(1.0) == kInfinity);
  CHECK(std::isnan(normal_quantile(-0.1)));
  CHECK(std::isnan(normal_quantile(kNaN)));
  CHECK(normal_cdf(kInfinity) == 1.0);
  CHECK(normal_cdf(-kInfinity) == 0.0);
  CHECK(std::isnan(normal_cdf(kNaN)));
  CHECK(log_gamma(0.0) == kInfinity);
  CHECK(std::isnan(log_gamma(-1.5)));
  CHECK(regularised_gamma_p(2.0, 0.0) == 0.0);
  CHECK(regularised_gamma_p(2.0, kInfinity) == 1.0);
  CHECK(regularised_gamma_q(1e8, 2e8) == 0.0);
  CHECK(std::isnan(regularised_gamma_p(0.0, 1.0)));
  CHECK(std::isnan(regularised_gamma_p(1.0, -1.0)));
  CHECK(gamma_quantile(2.0, 0.0) == 0.0);
  CHECK(gamma_quantile(2.0, 1.0) == kInfinity);
  CHECK(std::isnan(gamma_quantile(-1.0, 0.5)));
  CHECK(student_t_quantile(0.5, 3.0) == 0.0);
  CHECK(student_t_quantile(1.0, 3.0) == kInfinity);
  CHECK(student_t_quantile(0.975, 1e16) == normal_quantile(0.975));
  CHECK(std::isnan(student_t_quantile(0.5, 0.0)));
  CHECK(regularised_beta(2.0, 3.0, 0.0) == 0.0);
  CHECK(regularised_beta(2.0, 3.0, 1.0) == 1.0);
  CHECK(regularised_beta(2.0, 3.0, 0.5) == Approx(0.6875).epsilon(1e-14));
  CHECK(std::isnan(regularised_beta(2.0, 3.0, 1.5)));
}

TEST_CASE("quantiles undo their distribution functions, far out too", "[maths]") {
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    const double u = uniform_at(i), p = i % 3 == 0 ? power(u, 20.0) : u;
    const double shape = exponential(16.0 * uniform_at(i, 1) - 4.0);
    CAPTURE(p, shape);
    CHECK(relative(normal_cdf(normal_quantile(p)), p) < 1e-12);
    const double x = gamma_quantile(shape, p);
    REQUIRE(x >= 0.0);
    if (x > 1e-300) CHECK(relative(regularised_gamma_p(shape, x), p) < 1e-9);
    const double share = std::max(p, 1e-12);
    CHECK(relative(student_t_cdf(student_t_quantile(share, shape + 0.3), shape + 0.3), share) < 1e-9);
  }
}

TEST_CASE("gamma's series, fraction and quadrature meet without a step", "[maths]") {
  for (const double a : {3999.999, 4000.001}) {
    CHECK(regularised_gamma_p(a, 3900.0) == Approx(regularised_gamma_p(4000.0, 3900.0)).epsilon(1e-4));
    CHECK(regularised_gamma_q(a, 4100.0) == Approx(regularised_gamma_q(4000.0, 4100.0)).epsilon(1e-4));
  }
  for (const double a : {5.0, 300.0, 5000.0}) {
    double before = 0.0;
    for (double x = 0.9 * a; x < 1.1 * a; x += a * 1e-4) {
      const double now = regularised_gamma_p(a, x);
      REQUIRE(now >= before - 1e-13);
      REQUIRE(std::abs(now + regularised_gamma_q(a, x) - 1.0) < 1e-13);
      before = now;
    }
  }
}

// --- the same bits ---------------------------------------------------------------------------------------------------

std::string hex(std::uint64_t x) {
  char text[24];
  std::snprintf(text, sizeof text, "%016" PRIx64, x);
  return text;
}

std::string answers() {
  std::ostringstream out;
  out << "FNV-1a digests of results over many arguments; see tests/sim/same_bits.hpp\n";
  out << "log " << hex(same_bits::log_digest(200'000)) << '\n';
  out << "exp " << hex(same_bits::exp_digest(200'000)) << '\n';
  out << "power " << hex(same_bits::power_digest(100'000)) << '\n';
  out << "special " << hex(same_bits::special_digest(3'000)) << '\n';
  out << "distributions " << hex(same_bits::distribution_digest(500)) << '\n';
  return out.str();
}

TEST_CASE("known answers: digests of log, exp, power, special functions and distributions", "[maths][known]") {
  std::ifstream file{kAnswers};
  REQUIRE(file);
  std::ostringstream stored;
  stored << file.rdbuf();
  CHECK(stored.str() == answers());
}

TEST_CASE("rewrite the known digests", "[.update]") {
  if (std::getenv("TL_UPDATE_KNOWN_ANSWERS") == nullptr) return;  // some runners select hidden tests too
  std::ofstream file{kAnswers};
  file << answers();
  CHECK(file.flush());
}

/// For child processes. The second number is of the C library's functions: it may differ where features are masked.
TEST_CASE("print the digest of this process", "[.digest]") {
  same_bits::Digest theirs;
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    theirs.add(std::log(uniform_at(i)));
    theirs.add(std::exp(20.0 * uniform_at(i)));
    theirs.add(std::pow(uniform_at(i), 1.7));
  }
  std::printf("digest=%s library=%s\n", hex(same_bits::digest()).c_str(), hex(theirs.value()).c_str());
  std::fflush(stdout);
  CHECK(theirs.value() != 0);
}

#ifdef __linux__
/// What a child process of this program prints as its digests; empty when it cannot be started.
std::string digest_of_child(const std::string& environment) {
  char path[PATH_MAX] = {};
  if (readlink("/proc/self/exe", path, sizeof path - 1) <= 0) return "";
  const std::string command = environment + " '" + path + "' '[.digest]' 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "";
  std::string text;
  char part[512];
  while (std::fgets(part, sizeof part, pipe) != nullptr) text += part;
  pclose(pipe);
  const std::size_t at = text.find("digest=");
  return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

std::string ours(const std::string& both) {
  return both.substr(0, both.find(' '));
}

TEST_CASE("results have the same bits with processor features masked", "[maths][same]") {
  const std::string plain = digest_of_child("");
  REQUIRE(ours(plain) == "digest=" + hex(same_bits::digest()));
  const std::string masked =
      digest_of_child("GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2_Usable,-AVX2,-FMA_Usable,-FMA,-AVX_Fast_Unaligned_Load");
  CHECK(ours(masked) == ours(plain));
  const std::string elsewhere = digest_of_child("LC_ALL=C TZ=Asia/Kathmandu MALLOC_PERTURB_=85");
  CHECK(elsewhere == plain);
  INFO("plain:  " << plain << "\nmasked: " << masked);
  if (plain == masked) WARN("the C library's own functions did not change either: masking did nothing on this machine");
}
#endif

}  // namespace
