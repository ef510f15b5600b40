#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/models/carrier_text.hpp"

using tl::Problems;
using Strings = std::vector<std::string>;

TEST_CASE("CSV becomes rows with nested fields, units and places") {
  Problems problems;
  const tl::Table table = tl::csv_of(
      "id,capacity,stay.kind,stay.mean [d],open,note,extra\n"
      "psh,1000,exponential,2557.5,TRUE,\"keeps, a comma\",\n"
      "jail,,,,false,,x\n",
      problems);
  INFO(to_text(problems));
  REQUIRE(problems.empty());
  CHECK(tl::content(table) ==
        "psh: capacity=1000 stay={kind = \"exponential\", mean = 2557.5 <d>} open=true note=\"keeps, a comma\"\n"
        "jail: open=false extra=\"x\"\n");
  const tl::Row& psh = table.rows[0];
  CHECK(psh.at == tl::Place{"t.csv", 2, 1});
  CHECK(psh.find("stay")->find("mean")->at == tl::Place{"t.csv", 2, 22});
  CHECK(psh.find("stay")->find("mean")->key_at == tl::Place{"t.csv", 1, 23});
  CHECK(psh.find("note")->at == tl::Place{"t.csv", 2, 34});
  CHECK(place_in(*psh.find("note"), 0) == tl::Place{"t.csv", 2, 35});
  CHECK(table.rows[1].find("capacity") == nullptr);
}

TEST_CASE("both carriers make the same rows of the same content") {
  Problems problems;
  const tl::Document document = tl::toml_of(R"(
[[t]]
id = "a"
capacity = 40
stay = { kind = "gamma", mean = "5 d" }
shares = [0.5, 0.5]
on = true
when = "x = y & z"
value = 3.5
unit = "d"
[[t]]
id = "b"
capacity = "2 * beds"
at = 2021-07-01
)",
                                            problems);
  const tl::Table table = tl::csv_of(
      "id,capacity,stay.kind,stay.mean,shares,on,when,value,unit,at\r\n"
      "a,40,gamma,5 d,\"[0.5, 0.5]\",true,x = y & z,3.5,d,\r\n"
      "b,2 * beds,,,,,,,,2021-07-01\r\n",
      problems);
  INFO(to_text(problems));
  REQUIRE(problems.empty());
  CHECK(tl::content(table) == tl::content(*document.find("t")));
  Problems more;
  const tl::Table whole = tl::csv_of(
      "id,capacity,stay,shares,on,when,value,unit,at\n"
      "a,40,\"{ kind = \"\"gamma\"\", mean = \"\"5 d\"\" }\",\"[0.5, 0.5]\",true,x = y & z,3.5,d,\n"
      "b,2 * beds,,,,,,,2021-07-01\n",
      more);
  CHECK(tl::content(whole) == tl::content(table));
  CHECK(more.empty());
}

TEST_CASE("what spreadsheets save is one table, however they save it") {
  const std::string plain = "id,n,note\na,1.5,hello\nb,2,\n";
  Problems problems;
  const std::string expected = tl::content(tl::csv_of(plain, problems));
  CHECK(expected == "a: n=1.5 note=\"hello\"\nb: n=2\n");
  const std::string text =
      GENERATE("\xEF\xBB\xBFid,n,note\na,1.5,hello\nb,2,\n",                          // byte order mark
               "id,n,note\r\na,1.5,hello\r\nb,2,\r\n",                                // CRLF
               "id,n,note\ra,1.5,hello\rb,2,\r",                                      // CR alone
               "id;n;note\na;1.5;hello\nb;2;\n",                                      // semicolons
               "id,n,note\na,1.5,hello\nb,2",                                         // no end of line, a cell short
               "id,n,note,,\na,1.5,hello,,\nb,2,,,\n,,,,\n,,,,\n\n",                  // blank trailing rows and columns
               "\n,,\nid,n,note\n\na,1.5,hello\n,,\nb,2,\n",                          // blank rows before and between
               "\"id\",\"n\",\"note\"\n\"a\",\"1.5\",\"hello\"\n\"b\",\"2\",\"\"\n",  // all quoted
               " id , n ,note\n a , 1.5 , hello \n\tb,2,\n");
  INFO(text);
  CHECK(tl::content(tl::csv_of(text, problems)) == expected);
  CHECK(problems.empty());
}

TEST_CASE("quoted cells hold separators, quotes and newlines, and later places stay right") {
  Problems problems;
  const tl::Table table = tl::csv_of("id,note,x\na,\"say \"\"hi\"\", all\r\nof you\",1\nb,5\" pipe,2\n", problems);
  CHECK(problems.empty());
  CHECK(tl::content(table) == "a: note=\"say \"hi\", all\nof you\" x=1\nb: note=\"5\" pipe\" x=2\n");
  CHECK(table.rows[0].find("x")->at == tl::Place{"t.csv", 3, 9});
  CHECK(table.rows[1].at == tl::Place{"t.csv", 4, 1});
}

TEST_CASE("CSV that cannot be read is refused where it stands") {
  const auto [text, places] = GENERATE(table<std::string, Strings>({
      {"id,n\na,\"open\nb,2\n", {"t.csv:2:3 csv-quote"}},
      {"id,n\na,\"one\"two\n", {"t.csv:2:3 csv-quote"}},
      {"id,n\na,1,7\n", {"t.csv:2:5 csv-heading"}},
      {"id,,n\na,5,7\n", {"t.csv:2:3 csv-heading"}},
      {"id,stay [d\na,5\n", {"t.csv:1:4 csv-heading"}},
      {"id,stay [dasy]\na,5\n", {"t.csv:1:10 unit-unknown"}},
      {"id,stay []\na,5\n", {"t.csv:1:10 unit-unknown"}},
      {"id,n,n\na,5,7\n", {"t.csv:1:6 csv-duplicate"}},
      {"id,n..m\na,5\n", {"t.csv:1:4 name-bad"}},
      {"id,stay,stay.mean\na,5 d,6 d\nb,5 d,\nc,,6 d\n", {"t.csv:2:7 csv-duplicate"}},
      {"id,n\na,1\na,2\n", {"t.csv:3:1 row-duplicate"}},
      {"id,n\na,\"[1, 2\"\n", {"t.csv:2:9 toml-syntax"}},
      {"id,n\na,{ x = nan }\n", {"t.csv:2:9 number-nan"}},
      {"id,n\na\x01,1\n", {"t.csv:2:1 name-bad"}},
      {"id,n\na\xE2\x80\xAE"
       "b,1\n",
       {"t.csv:2:1 text-direction"}},
      {"id\tn\na\t1\n", {"t.csv:1:1 name-bad"}},
  }));
  INFO(text);
  Problems problems;
  tl::csv_of(text, problems);
  INFO(to_text(problems));
  CHECK(tl::places_and_codes(problems) == places);
}

TEST_CASE("notes and sources are prose, whatever they begin with") {
  Problems problems;
  const tl::Table table = tl::csv_of("id,source,note\na,[1] page 3,{sic}\n", problems);
  CHECK(problems.empty());
  CHECK(table.rows[0].find("source")->text == "[1] page 3");
}

TEST_CASE("a heading's unit also holds for the items of a list") {
  Problems problems;
  const tl::Table table = tl::csv_of("id,values [d]\na,\"[1, 15]\"\n", problems);
  CHECK(problems.empty());
  CHECK(tl::content(table) == "a: values=[1 <d>, 15 <d>] <d>\n");
}

TEST_CASE("rows without ids are numbered, and ids keep their text") {
  Problems problems;
  CHECK(tl::content(tl::csv_of("from,to\na,b\n,\nc,d\n", problems, "routes")) ==
        "routes#1: from=\"a\" to=\"b\"\nroutes#2: from=\"c\" to=\"d\"\n");
  CHECK(tl::csv_of("id,n\n007,1\n", problems).rows[0].id == "007");
}
