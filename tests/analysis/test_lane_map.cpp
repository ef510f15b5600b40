#include <cmath>
#include <limits>
#include <regex>
#include <string>
#include <vector>

#include "analysis/html.hpp"
#include "analysis/lane_map.hpp"
#include "sim/random.hpp"
#include "tests/analysis/made_results.hpp"
#include "tests/catch.hpp"

// The map over networks nobody thought of: labels apart, arrows beside the boxes, well-formed, told in words too.
namespace {

using namespace tl;

struct Network {
  Catalogue words;
  std::vector<BoxNumbers> numbers;
};

const std::vector<std::string> kNames{"Ward",
                                      "Psychiatric emergency service of the county",
                                      "Residential treatment",
                                      std::string(70, 'W'),
                                      "Crisis <residential> & \"respite\"",
                                      "H\xC3\xB4pital de jour",
                                      "A b c d e f g h i j k l m n o p q r s t u v w x y z"};

/// Everything about it follows from the number.
Network network_of(std::uint32_t number) {
  const auto word = [&](std::uint32_t what, std::uint32_t index) {
    return draw(run_key(11, number), {what, index, 0}, Purpose::process, 0, 0);
  };
  Network made;
  made.words.model_name = kNames[number % kNames.size()];
  const std::uint32_t departments = 1 + word(1, 0).w[0] % 12, count = 1 + word(1, 0).w[1] % 70;
  for (std::uint32_t i = 0; i < departments; ++i) {
    made.words.departments.push_back("d" + std::to_string(i));
    made.words.department_names.push_back(i % 3 == 0 ? "" : kNames[i % kNames.size()]);
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto bits = word(2, i), more = word(3, i);
    const std::uint32_t kind = bits.w[0] % 20;
    made.words.settings.push_back({"s" + std::to_string(i), kNames[bits.w[1] % kNames.size()],
                                   kind == 0   ? "line"
                                   : kind == 1 ? "pool"
                                   : kind < 6  ? "program"
                                               : "place",
                                   "d" + std::to_string(bits.w[2] % departments), "", static_cast<int>(bits.w[3] % 7),
                                   more.w[0] % 3 == 0 ? std::numeric_limits<double>::infinity() : 50.0, ""});
    made.numbers.push_back({uniform32(more.w[1]) * 500.0, "123.4 of 567", more.w[2] % 8 == 0 ? "shares beds" : ""});
    for (std::uint32_t k = 0; k < more.w[3] % 5; ++k) {
      const auto ends = word(4 + k, i);
      made.words.links.push_back({i, ends.w[0] % count, uniform32(ends.w[1]) * uniform32(ends.w[2]) * 40.0});
    }
  }
  return made;
}

struct Box {
  double left, top, right, bottom;
  std::string text;
};

std::string attribute(const std::string& tag, const std::string& name) {
  const std::size_t at = tag.find(' ' + name + "=\"");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 3;
  return tag.substr(begin, tag.find('"', begin) - begin);
}

/// Room each text takes: from its base line up four fifths of the font's size, down a fifth.
std::vector<Box> labels_of(const std::string& svg) {
  std::vector<Box> labels;
  for (std::size_t at = svg.find("<text"); at != std::string::npos; at = svg.find("<text", at + 1)) {
    const std::size_t close = svg.find('>', at), end = svg.find('<', close);
    const std::string tag = svg.substr(at, close - at);
    std::string text = svg.substr(close + 1, end - close - 1);
    for (const auto& [entity, letter] : {std::pair{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}})
      text = std::regex_replace(text, std::regex{entity}, letter);
    const double x = std::stod(attribute(tag, "x")), y = std::stod(attribute(tag, "y"));
    const double size = std::stod(attribute(tag, "font-size"));
    labels.push_back({x, y - 0.8 * size, x + text_width(text) * size, y + 0.2 * size, text});
  }
  return labels;
}

bool overlap(const Box& a, const Box& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/// What is wrong with a text as XML: tags that do not close each other, bare & or <. Empty when it is well formed.
std::string fault_of(const std::string& xml) {
  static const std::regex kTag{R"(^<(/?)([a-zA-Z]+)((?: [a-z:-]+="[^"<]*"| [a-zA-Z-]+="[^"<]*")*)(/?)>)"};
  static const std::regex kEntity{R"(^&(amp|lt|gt|quot|#39);)"};
  std::vector<std::string> open;
  std::size_t at = xml.rfind("<?xml", 0) == 0 ? xml.find("?>") + 2 : 0;
  for (; at < xml.size(); ++at) {
    const std::string part = xml.substr(at, 4000);
    std::smatch found;
    if (xml[at] == '&' && !std::regex_search(part, kEntity)) return "a bare & at " + part.substr(0, 40);
    if (xml[at] != '<') continue;
    const std::size_t end = xml.find('>', at);
    const std::string tag = end == std::string::npos ? part : xml.substr(at, end - at + 1);
    if (!std::regex_match(tag, found, kTag)) return "no tag: " + tag.substr(0, 80);
    if (found[1].length() == 0 && found[4].length() == 0) open.push_back(found[2]);
    if (found[1].length() == 0) continue;
    if (open.empty() || open.back() != found[2]) return "closes nothing: " + tag;
    open.pop_back();
  }
  return open.empty() ? "" : "not closed: " + open.back();
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("labels of the map never overlap, whatever the network") {
  for (std::uint32_t number = 0; number < 60; ++number) {
    const Network network = network_of(number);
    const std::string svg = lane_map_file(network.words, network.numbers, {"A note.", std::string(400, 'x')});
    const std::vector<Box> labels = labels_of(svg);
    std::istringstream box{attribute(svg.substr(svg.find("<svg")), "viewBox")};
    double zero = 0.0, width = 0.0, height = 0.0;
    box >> zero >> zero >> width >> height;
    REQUIRE(labels.size() >= 3);
    std::string wrong;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const Box& a = labels[i];
      if (a.left < 0.0 || a.top < 0.0 || a.right > width || a.bottom > height) wrong += "outside: " + a.text + '\n';
      for (std::size_t k = 0; k < i; ++k)
        if (overlap(a, labels[k])) wrong += "overlap: " + a.text + " / " + labels[k].text + '\n';
    }
    CAPTURE(number);
    CHECK(wrong == "");
  }
}

TEST_CASE("two labels that overlap are seen") {
  const auto labels =
      labels_of(R"(<text x="0" y="10" font-size="10">abc</text><text x="5" y="12" font-size="10">d</text>)"
                R"(<text x="0" y="30" font-size="10">e</text>)");
  REQUIRE(labels.size() == 3);
  CHECK(overlap(labels[0], labels[1]));
  CHECK_FALSE(overlap(labels[0], labels[2]));
}

TEST_CASE("boxes never touch, and no arrow runs behind a box") {
  for (std::uint32_t number = 0; number < 60; ++number) {
    const Network network = network_of(number);
    const LaneLayout layout = lay_out(network.words, network.numbers);
    std::string wrong;
    for (const LaneBox& a : layout.boxes) {
      if (a.x + a.width > layout.width || a.y + a.height > layout.height) wrong += "outside\n";
      for (const LaneBox& b : layout.boxes) {
        const bool apart = a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y;
        if (a.setting < b.setting && !apart) wrong += "boxes touch\n";
      }
      for (const LaneArrow& arrow : layout.arrows)
        for (std::size_t i = 1; i + 1 < arrow.way.size(); ++i) {
          const Stretch& level = arrow.way[i];
          const double left = std::min(level.x_from, level.x_to), right = std::max(level.x_from, level.x_to);
          if (left < a.x + a.width && a.x < right && level.y > a.y && level.y < a.y + a.height) wrong += "behind\n";
        }
    }
    for (const LaneArrow& arrow : layout.arrows) {
      if (arrow.bulge > 0.0) continue;
      const double towards = arrow.way.back().x_from - arrow.way.front().x_to;
      for (std::size_t i = 1; i < arrow.way.size(); ++i)
        if ((arrow.way[i].x_from - arrow.way[i - 1].x_to) * towards < 0.0) wrong += "turns back\n";
    }
    CAPTURE(number);
    CHECK(wrong == "");
  }
}

TEST_CASE("lines and pools have no box; programs stand below all places") {
  for (std::uint32_t number = 0; number < 60; ++number) {
    const Network network = network_of(number);
    const LaneLayout layout = lay_out(network.words, network.numbers);
    double places_end = 0.0;
    for (const LaneBox& box : layout.boxes) {
      const std::string& kind = network.words.settings[box.setting].kind;
      CHECK((kind == "place" || kind == "program"));
      if (kind == "place") places_end = std::max(places_end, box.y + box.height);
    }
    for (const LaneBox& box : layout.boxes)
      if (network.words.settings[box.setting].kind == "program") CHECK(box.y > places_end);
  }
}

TEST_CASE("few moves are left out, and of each box the largest arrow stays") {
  for (std::uint32_t number = 0; number < 60; ++number) {
    const Network network = network_of(number);
    const LaneLayout layout = lay_out(network.words, network.numbers);
    CHECK((layout.left_out_share <= 0.05 || layout.arrows.size() >= 110));
    for (std::size_t i = 1; i < layout.arrows.size(); ++i) CHECK(layout.arrows[i].width <= layout.arrows[i - 1].width);
    for (const LaneBox& box : layout.boxes) {
      double largest = 0.0;
      bool drawn = false;
      for (const Link& link : network.words.links) {
        const std::string& to = network.words.settings[link.to].kind;
        if (link.from == box.setting && link.to != link.from && to != "line" && to != "pool")
          largest = std::max(largest, link.per_day);
      }
      for (const LaneArrow& arrow : layout.arrows)
        drawn = drawn || (arrow.link.from == box.setting && arrow.link.per_day == largest);
      if (largest > 0.0) CHECK(drawn);
    }
  }
}

TEST_CASE("the picture is well-formed, and tells in words what it shows") {
  for (std::uint32_t number = 0; number < 20; ++number) {
    const Network network = network_of(number);
    const std::string file = lane_map_file(network.words, network.numbers, {"A <note> & more."});
    CAPTURE(number);
    CHECK(fault_of(file) == "");
    CHECK(fault_of(lane_map_svg(network.words, network.numbers)) == "");
    CHECK(file == lane_map_file(network.words, network.numbers, {"A <note> & more."}));
    CHECK(count_of(file, "<title id=\"map-title\">") == 1);
    CHECK(count_of(file, "<desc id=\"map-about\">") == 1);
    const LaneLayout layout = lay_out(network.words, network.numbers);
    CHECK(count_of(file, "<title>") == layout.boxes.size() + layout.arrows.size());
  }
  CHECK(fault_of("<g><text>a & b</text></g>") != "");
  CHECK(fault_of("<g><text></g></text>") != "");
  CHECK(fault_of("<g a=b/>") != "");
  CHECK(fault_of("<g>") != "");
}

TEST_CASE("the description names the settings by level and the largest flows, the legend the departments") {
  const Catalogue words = made::catalogue();
  std::vector<BoxNumbers> numbers(words.settings.size());
  for (BoxNumbers& one : numbers) one = {10.0, "43.2 of 46", ""};
  numbers[1].note = "shares County beds";
  const std::string svg = lane_map_file(words, numbers, {"Nothing random."});
  for (const char* part :
       {"Level 5: Acute ward, dmh, 43.2 of 46.", "Street outreach, a program, dmh",
        "Largest flows: ", "Acute ward to Supported flats 730.5 a year", ">dmh: Mental Health</text>",
        ">Small county: the care network</text>", ">shares County beds</text>", ">Programs</text>",
        ">500 a year</text>", ">Nothing random.</text>"}) {
    CAPTURE(part);
    CHECK(count_of(svg, part) == 1);
  }
}

TEST_CASE("a number in the map is never cut; a department that does not fit is left to the colour") {
  Catalogue words = made::catalogue();
  std::vector<BoxNumbers> numbers(words.settings.size());
  for (BoxNumbers& one : numbers) one = {10.0, "15,220 of 12,250", ""};
  for (SettingWords& setting : words.settings) setting.department = "department_of_long_names";
  std::string svg = lane_map_svg(words, numbers);
  CHECK(count_of(svg, ">15,220 of 12,250</text>") >= 1);
  CHECK(count_of(svg, "department_of</text>") == 0);
  for (BoxNumbers& one : numbers) one.label = "1,523,000,000 of 1,225,000,000";
  svg = lane_map_svg(words, numbers);
  CHECK(count_of(svg, ">1,523,000,000 of 1,225,000,000</text>") >= 1);
  CHECK(count_of(svg, "\xE2\x80\xA6</text>") == 0);
  for (BoxNumbers& one : numbers) one.label = "43.2 of 46";
  for (SettingWords& setting : words.settings) setting.department = "dmh";
  CHECK(count_of(lane_map_svg(words, numbers), ">43.2 of 46 \xC2\xB7 dmh</text>") >= 1);
}

TEST_CASE("a name takes up to three lines, and what is longer is cut where it is seen") {
  CHECK(name_lines("Ward") == std::vector<std::string>{"Ward"});
  CHECK(name_lines("Residential treatment programme north") ==
        std::vector<std::string>{"Residential", "treatment", "programme north"});
  CHECK(name_lines(kNames.back()).size() == 3);
  CHECK(name_lines(std::string(60, 'W')).size() == 1);
  for (const std::string& name : kNames)
    for (const std::string& line : name_lines(name)) CHECK(text_width(line) * kNameSize <= kLabelRoom);
}
