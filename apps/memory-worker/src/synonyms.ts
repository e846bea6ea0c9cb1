/** Words that people use for the same thing at home. Each line is one group; a word may be in several. English. */
import { baseForm } from './words.ts';

const GROUPS = `
job work career profession occupation employment
boss employer manager
buy bought purchase get shop
child kid son daughter
baby infant newborn toddler
mother mom mum mama
father dad papa
parent mom dad
sibling brother sister
spouse wife husband partner
husband wife marry married wedding
grandmother grandma granny nana
grandfather grandpa granddad
relative family cousin aunt uncle
friend buddy pal mate
pet dog cat puppy kitten
dog puppy pup
cat kitten kitty
car vehicle auto automobile
bike bicycle cycle
trip travel journey vacation holiday visit
vacation holiday getaway
flight fly plane airport
hotel hostel resort airbnb
photo picture image photograph pic snap
movie film cinema
show series tv television
song music tune track
band concert gig
book novel read author story
game play videogame console
sport football soccer basketball tennis baseball
exercise workout gym fitness train
run jog marathon race
swim pool
hike trail trek walk
camp tent campfire
food meal dish eat cuisine
dinner supper meal
breakfast brunch
lunch meal
recipe cook bake
drink beverage coffee tea beer wine
dessert cake pie cookie sweet
fruit apple banana berry
restaurant cafe diner eatery
doctor physician hospital clinic medical
ill sick illness disease unwell
injury hurt injure wound
pain ache hurt sore
medicine medication pill drug
therapy therapist counseling counselor
health healthy wellness
diet nutrition weight
stress anxious anxiety worry nervous
sad upset unhappy down depressed
happy glad joy excited thrilled
angry mad annoyed
afraid scared fear frightened
love adore enjoy like favorite
hate dislike
enjoy fun love
favorite prefer favourite best love
hobby interest pastime passion
goal aim dream plan ambition
plan intend going
start begin launch open
begin start
end finish stop complete
quit leave resign
fire lay layoff lost
hire employ
move relocate moved
home house apartment flat
house home
room bedroom kitchen bathroom
city town place
country nation state
born birth birthday
birthday party celebrate
party celebration celebrate
gift present
die death pass dead
school class college university student
study learn course class
teacher instructor mentor coach professor
teach instruct lesson class
exam test
degree diploma graduate
money cash fund finance
price cost expensive pay
pay paid cost
donate donation charity fundraiser
volunteer charity help
help assist support aid
support encourage help
shop store boutique
company business firm startup
business company shop
clothes clothing outfit wear dress
shoe sneaker boot
necklace ring jewelry bracelet
phone call mobile
computer laptop pc
email mail message letter
meet met meeting
talk chat speak discuss tell
say mention tell
art paint painting draw artist sculpture
paint painting art
instrument guitar piano violin drum
dance dancing dancer
garden plant flower yard
tree forest wood
beach sea ocean coast
mountain hill peak
lake river water
rain storm weather snow
name call
type kind sort
color colour red blue green
big large huge
small little tiny
old age year
long duration
often frequently regularly
recent lately new
new recent latest
win won prize award trophy
lose lost
competition contest tournament compete
event conference workshop
group club community team
church faith religion god pray
war military army soldier
government politics election vote
problem issue trouble challenge difficulty
challenge obstacle difficulty struggle
idea inspiration inspire
inspire motivate inspiration
decide decision choose choice
accident crash
break broke broken
repair fix mend
build make create construct
make create craft
key lock
light lamp
fridge refrigerator
sofa couch
tv television screen
trash garbage rubbish bin
grocery supermarket shopping
appointment meeting schedule
reminder remind remember
park playground
museum gallery exhibit exhibition
share show tell
receive get got
advice tip suggest recommend suggestion
recommend suggest recommendation
adopt adoption
relationship date dating boyfriend girlfriend
live stay reside
bring take carry
see saw watch
road drive driving
`;

const related = new Map<string, Set<string>>();
for (const line of GROUPS.trim().split('\n')) {
  const words = line.split(' ');
  for (const word of words) {
    const known = related.get(looseStem(word)) ?? new Set();
    for (const other of words) if (looseStem(other) !== looseStem(word)) known.add(other);
    related.set(looseStem(word), known);
  }
}

/** Other words for a word, in any of its forms. */
export function synonymsOf(word: string): readonly string[] {
  return [...(related.get(looseStem(word)) ?? [])];
}

/** Enough to find `dancing` under `dance`; the index itself has a proper stemmer. */
function looseStem(word: string): string {
  return baseForm(word)
    .replace(/(?<=..)ied$/, 'y')
    .replace(/(?<=...)(?:ing|ed)$/, '')
    .replace(/([bdgklmnprt])\1$/, '$1')
    .replace(/(?<=..)e$/, '');
}
